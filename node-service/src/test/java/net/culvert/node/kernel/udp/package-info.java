/** Tests of UDP sockets, and a network without a kernel. */
@NullMarked
package net.culvert.node.kernel.udp;

import org.jspecify.annotations.NullMarked;
