package net.culvert.node.kernel.abi;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The C structure whose layout a class holds: {@code SIZEOF} is its size in bytes, every other
 * constant the offset of the field of that name in small letters.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface Struct {
  String value();
}
