package net.culvert.node.tunnel;

import java.util.Map;
import java.util.TreeMap;
import net.culvert.node.dataplane.DropReason;

/** Drops of both directions together, by the reason's label. */
final class TrafficDrops {

  private TrafficDrops() {}

  static Map<String, Long> merge(Map<DropReason, Long> outbound, Map<DropReason, Long> inbound) {
    Map<String, Long> drops = new TreeMap<>();
    outbound.forEach((reason, count) -> drops.merge(reason.label(), count, Long::sum));
    inbound.forEach((reason, count) -> drops.merge(reason.label(), count, Long::sum));
    return drops;
  }
}
