package net.culvert.node.transport;

/**
 * Who a peer is to a transport that must know, by its keys for example. Immutable, and equal where
 * nothing changed.
 */
public interface PeerIdentity {}
