/**
 * Other programs' packet filters: whether they drop what this host forwards for the node, and the
 * rules that let it through. They are read and changed by the programs that own their languages,
 * {@code nft} and {@code iptables}.
 */
@NullMarked
package net.culvert.node.firewall;

import org.jspecify.annotations.NullMarked;
