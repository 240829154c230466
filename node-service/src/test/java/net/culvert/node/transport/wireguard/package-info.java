/** Tests of the WireGuard protocol. */
@NullMarked
package net.culvert.node.transport.wireguard;

import org.jspecify.annotations.NullMarked;
