package net.culvert.node.kernel.abi;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The C headers that define every constant of a class; included in this order. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface Header {
  String[] value();
}
