/**
 * System calls as the kernel answers them, descriptors and the exception that names call, errno and
 * object. The only package that knows jnr.
 */
@NullMarked
package net.culvert.node.kernel.sys;

import org.jspecify.annotations.NullMarked;
