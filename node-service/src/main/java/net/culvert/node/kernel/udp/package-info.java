/**
 * UDP sockets that carry many datagrams a system call, for both families. It has no opinion about
 * who may speak to whom.
 */
@NullMarked
package net.culvert.node.kernel.udp;

import org.jspecify.annotations.NullMarked;
