package net.culvert.node.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test starts containers: it needs a Docker engine that answers, on a kernel with TUN, and
 * Compose. Elsewhere it is skipped with the reason, and under {@code CI=true} it fails. It carries
 * the tag {@code docker}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@Inherited
@Tag("docker")
@ExtendWith(DockerCondition.class)
public @interface RequiresDocker {}
