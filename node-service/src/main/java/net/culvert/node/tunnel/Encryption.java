package net.culvert.node.tunnel;

import net.culvert.node.transport.wireguard.CipherSuite;
import net.culvert.node.transport.wireguard.PrivateKey;

/** What a WireGuard tunnel is to the world. */
record Encryption(CipherSuite suite, PrivateKey privateKey) {}
