package net.culvert.node.health;

import java.util.List;

/** Implemented by the tunnel feature. Any thread; quick, from memory. */
@FunctionalInterface
public interface TunnelHealthSource {

  /** Every running tunnel, ordered by name. */
  List<TunnelHealth> tunnelHealth();
}
