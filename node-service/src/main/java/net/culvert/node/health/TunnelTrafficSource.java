package net.culvert.node.health;

import java.util.List;

/** Implemented by the tunnel feature. Any thread; quick, from memory. */
@FunctionalInterface
public interface TunnelTrafficSource {

  /** Every running tunnel; counters never go back while a tunnel or a peer lives. */
  List<TunnelTraffic> tunnelTraffic();
}
