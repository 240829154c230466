package net.culvert.node.kernel.abi;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The first kernel whose headers have a constant; older headers are not asked about it. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
@interface Since {
  /** Version and patch level, such as {@code 6.2}. */
  String value();
}
