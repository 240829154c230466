/**
 * Packets between a TUN device and UDP sockets: the agents that move them, what they count, and the
 * one object a tunnel is started and stopped by. It decides about packets and knows neither REST
 * nor Spring.
 */
@NullMarked
package net.culvert.node.dataplane;

import org.jspecify.annotations.NullMarked;
