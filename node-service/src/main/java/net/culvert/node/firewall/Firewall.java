package net.culvert.node.firewall;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.function.Predicate;
import net.culvert.api.value.Family;
import net.culvert.node.configuration.FirewallMode;
import net.culvert.node.reconcile.ResourceId;

/**
 * Looks whether packets that are forwarded for this node's sake are dropped on the way, and lets
 * them through where it may. One thread at a time.
 */
final class Firewall {

  private static final int MAX_RULES_SHOWN = 2;

  /**
   * What a look found.
   *
   * @param known whether the packet filters could be read
   * @param chains each chain that drops, in words, or drops no more since a rule of ours is there
   * @param warnings of each resource that packets are dropped of
   * @param troubles what could not be read or changed
   */
  record Findings(
      boolean known,
      Map<String, String> chains,
      Map<ResourceId, List<String>> warnings,
      List<String> troubles) {

    static final Findings NONE = new Findings(true, Map.of(), Map.of(), List.of());
  }

  private final List<PacketFilter> filters;
  private final OwnRules own;
  private final FirewallMode mode;

  /**
   * @param filters those whose programs are installed
   */
  Firewall(List<PacketFilter> filters, OwnRules own, FirewallMode mode) {
    this.filters = filters;
    this.own = own;
    this.mode = mode;
  }

  /** Looks, and in mode ALLOW makes what is missing and removes what nothing needs. */
  Findings look(Forwarding forwarding) throws InterruptedException {
    Map<String, String> chains = new LinkedHashMap<>();
    Map<ResourceId, List<String>> warnings = new HashMap<>();
    List<String> troubles = new ArrayList<>();
    for (PacketFilter filter : filters) {
      try {
        for (Table table : filter.tables()) {
          look(filter, table, forwarding, chains, warnings);
        }
      } catch (FirewallException e) {
        troubles.add(e.getMessage());
      }
    }
    return new Findings(!filters.isEmpty() && troubles.isEmpty(), chains, warnings, troubles);
  }

  private void look(
      PacketFilter filter,
      Table table,
      Forwarding forwarding,
      Map<String, String> chains,
      Map<ResourceId, List<String>> warnings)
      throws FirewallException, InterruptedException {
    NavigableSet<String> devices = forwarding.all(table.families());
    // As it would be without us, so that rules which help are not taken for needless.
    List<Chain> bases =
        table.forwarding().stream()
            .filter(base -> drops(table, base, devices, rule -> !own.isMarked(rule)))
            .toList();
    boolean allow = mode == FirewallMode.ALLOW && devices.size() > 1 && !bases.isEmpty();
    if (allow && !isAllowed(table, bases, devices)) {
      filter.allow(table, bases, devices, own);
    } else if (!allow && own.areIn(table)) {
      filter.remove(table, own);
    }
    for (Chain base : bases) {
      String words = words(filter, table, base);
      if (allow) {
        chains.put(words, "let through by rules of this node, " + own.comment());
      } else {
        chains.put(words, "drops what is forwarded from or to " + String.join(", ", devices));
        warn(filter, table, base, forwarding, warnings);
      }
    }
  }

  /** Whether our rules are there, and are asked before those that drop. */
  private boolean isAllowed(Table table, List<Chain> bases, NavigableSet<String> devices) {
    return bases.stream()
        .allMatch(base ->
            own.areCurrent(table, base, devices) && !drops(table, base, devices, rule -> true));
  }

  private boolean drops(
      Table table, Chain base, NavigableSet<String> devices, Predicate<Rule> counted) {
    return devices.stream().anyMatch(device -> isDropped(table, base, device, devices, counted));
  }

  /** Between this device and the others; where there are none, to wherever it may be. */
  private static boolean isDropped(
      Table table, Chain base, String device, Set<String> devices, Predicate<Rule> counted) {
    String other = devices.stream().filter(each -> !each.equals(device)).findFirst().orElse("");
    return table.drops(base, device, other, counted) || table.drops(base, other, device, counted);
  }

  private void warn(
      PacketFilter filter,
      Table table,
      Chain base,
      Forwarding forwarding,
      Map<ResourceId, List<String>> warnings) {
    NavigableSet<String> all = forwarding.all(table.families());
    for (Family family : table.families()) {
      forwarding
          .of(family)
          .forEach((id, devices) -> {
            List<String> rules =
                devices.stream()
                    .filter(
                        device -> isDropped(table, base, device, all, rule -> !own.isMarked(rule)))
                    .limit(MAX_RULES_SHOWN)
                    .map(device -> filter.ruleFor(table, base, device))
                    .toList();
            if (!rules.isEmpty()) {
              List<String> of = warnings.computeIfAbsent(id, any -> new ArrayList<>());
              String warning =
                  words(filter, table, base)
                      + " drops packets that are forwarded from or to "
                      + String.join(", ", devices)
                      + ". This would help: "
                      + String.join("; ", rules)
                      + " — or culvert.firewall=allow";
              if (!of.contains(warning)) {
                of.add(warning);
              }
            }
          });
    }
  }

  private static String words(PacketFilter filter, Table table, Chain base) {
    String owner = table.owner();
    return "the chain "
        + base.name()
        + " of table "
        + table.family()
        + " "
        + table.name()
        + " ("
        + filter.name()
        + (owner.isEmpty() ? ")" : ", it seems to be " + owner + "'s)");
  }
}
