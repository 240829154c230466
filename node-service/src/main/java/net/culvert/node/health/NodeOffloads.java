package net.culvert.node.health;

import java.util.Map;

/** What this machine's kernel does for many packets at once. */
@FunctionalInterface
public interface NodeOffloads {

  /** Each offload's name with its state in words; found out once. Any platform thread. */
  Map<String, String> inWords();
}
