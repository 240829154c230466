/**
 * What a datagram looks like: how an inner packet becomes one and comes out of one again. It knows
 * no kernel, socket, clock or thread.
 */
@NullMarked
package net.culvert.node.transport;

import org.jspecify.annotations.NullMarked;
