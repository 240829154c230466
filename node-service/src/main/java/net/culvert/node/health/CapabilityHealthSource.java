package net.culvert.node.health;

import java.util.List;
import net.culvert.api.node.NodeInfo;

/** Implemented by whoever asks the kernel what this process may do. Any thread. */
@FunctionalInterface
public interface CapabilityHealthSource {

  /** What is missing by name, such as CAP_NET_ADMIN, with what will not work; empty if nothing. */
  List<NodeInfo.Missing> missing();
}
