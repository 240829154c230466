package net.culvert.node.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test changes the kernel: it needs root, CAP_NET_ADMIN and CAP_SYS_ADMIN, {@code /dev/net/tun}
 * and {@code ip}. Elsewhere it is skipped with the reason, and under {@code CI=true} it fails. It
 * carries the tag {@code kernel}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@Inherited
@Tag("kernel")
@ExtendWith(MachineConditions.Root.class)
public @interface RequiresRoot {}
