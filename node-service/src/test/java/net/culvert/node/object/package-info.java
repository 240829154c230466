/** Tests of the kernel objects against the real kernel. */
@NullMarked
package net.culvert.node.object;

import org.jspecify.annotations.NullMarked;
