/**
 * The transport without encryption: a datagram is an IP packet, with or without the four bytes of
 * {@code struct tun_pi} before it.
 */
@NullMarked
package net.culvert.node.transport.plain;

import org.jspecify.annotations.NullMarked;
