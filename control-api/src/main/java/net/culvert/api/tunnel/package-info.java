/**
 * Tunnels, their peers and the packets that pass them. A tunnel is a TUN device, its UDP sockets
 * and the threads between them.
 */
@NullMarked
package net.culvert.api.tunnel;

import org.jspecify.annotations.NullMarked;
