/** Tests of what a wish is made of, without a kernel. */
@NullMarked
package net.culvert.node.tunnel;

import org.jspecify.annotations.NullMarked;
