/** Tests of TUN devices, and one without a kernel. */
@NullMarked
package net.culvert.node.kernel.tun;

import org.jspecify.annotations.NullMarked;
