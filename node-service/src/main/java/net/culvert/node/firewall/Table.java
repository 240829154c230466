package net.culvert.node.firewall;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import net.culvert.api.value.Family;

/**
 * A table of a packet filter: chains that jump into one another.
 *
 * @param family as the program calls it: {@code ip}, {@code ip6} or {@code inet}
 */
record Table(String family, String name, Map<String, Chain> chains) {

  /** The kernel allows no deeper jumps than 16. */
  private static final int MAX_DEPTH = 16;

  Table(String family, String name) {
    this(family, name, new LinkedHashMap<>());
  }

  Set<Family> families() {
    return switch (family) {
      case "ip" -> EnumSet.of(Family.IPV4);
      case "ip6" -> EnumSet.of(Family.IPV6);
      case "inet" -> EnumSet.allOf(Family.class);
      default -> EnumSet.noneOf(Family.class);
    };
  }

  List<Chain> forwarding() {
    return chains.values().stream().filter(Chain::forwards).toList();
  }

  /**
   * Whether a packet would be dropped that is like no other: rules with conditions beside devices
   * are passed over, since they are about some packets only.
   *
   * @param base a chain that forwarded packets come to
   * @param counted the rules that are asked, as if there were no others
   */
  boolean drops(Chain base, String in, String out, Predicate<Rule> counted) {
    return switch (walk(base, in, out, counted, 0)) {
      case ACCEPT -> false;
      case DROP -> true;
      default -> base.drops();
    };
  }

  private Rule.Verdict walk(
      Chain chain, String in, String out, Predicate<Rule> counted, int depth) {
    for (Rule rule : chain.rules()) {
      if (!counted.test(rule) || !rule.takes(in, out)) {
        continue;
      }
      switch (rule.verdict()) {
        case ACCEPT, DROP, RETURN -> {
          return rule.verdict();
        }
        case JUMP, GOTO -> {
          Chain next = rule.target() == null ? null : chains.get(rule.target());
          Rule.Verdict verdict =
              next == null || depth >= MAX_DEPTH
                  ? Rule.Verdict.CONTINUE
                  : walk(next, in, out, counted, depth + 1);
          if (verdict == Rule.Verdict.ACCEPT || verdict == Rule.Verdict.DROP) {
            return verdict;
          }
          if (rule.verdict() == Rule.Verdict.GOTO) {
            return Rule.Verdict.RETURN;
          }
        }
        case CONTINUE -> {
          // The next rule is asked.
        }
      }
    }
    return Rule.Verdict.RETURN;
  }

  /** Whose it seems to be. */
  String owner() {
    if (name.equals("firewalld")) {
      return "firewalld";
    }
    if (chains.keySet().stream().anyMatch(chain -> chain.startsWith("ufw"))) {
      return "ufw";
    }
    if (chains.keySet().stream().anyMatch(chain -> chain.startsWith("DOCKER"))) {
      return "Docker";
    }
    return "";
  }

  /** The same of several chains, each once. */
  Set<String> placesForRules(List<Chain> bases) {
    Set<String> places = new LinkedHashSet<>();
    bases.forEach(base -> places.add(placeForRules(base)));
    return places;
  }

  /** Where a rule of an administrator belongs: Docker leaves a chain for it. */
  String placeForRules(Chain base) {
    boolean jumps =
        base.rules().stream()
            .anyMatch(rule ->
                rule.verdict() == Rule.Verdict.JUMP
                    && "DOCKER-USER".equals(rule.target())
                    && !rule.conditional()
                    && rule.devices().isEmpty());
    return jumps && chains.containsKey("DOCKER-USER") ? "DOCKER-USER" : base.name();
  }
}
