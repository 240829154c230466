/**
 * The WireGuard protocol (Donenfeld, "WireGuard: Next Generation Kernel Network Tunnel", 2020) and
 * the same protocol over AES-GCM: handshakes, sessions, timers and cookies as state machines that
 * know no socket, thread or clock.
 */
@NullMarked
package net.culvert.node.transport.wireguard;

import org.jspecify.annotations.NullMarked;
