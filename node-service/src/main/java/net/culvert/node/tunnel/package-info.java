/**
 * Tunnels and their peers: what they are made of, and the running data planes behind them. Packets
 * are moved by {@code net.culvert.node.dataplane}; here it is started, told its peers, and stopped.
 */
@NullMarked
package net.culvert.node.tunnel;

import org.jspecify.annotations.NullMarked;
