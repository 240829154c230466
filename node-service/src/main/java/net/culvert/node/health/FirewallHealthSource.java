package net.culvert.node.health;

import java.util.Map;

/** Implemented by whoever looks at the packet filters. Any thread; quick, from memory. */
@FunctionalInterface
public interface FirewallHealthSource {

  FirewallHealth firewall();

  /**
   * What was last seen.
   *
   * @param well whether nothing is dropped that this node has forwarded, as far as is known
   * @param details in words: the mode, each chain that drops, and what is not known
   */
  record FirewallHealth(boolean well, Map<String, Object> details) {}
}
