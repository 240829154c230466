package net.culvert.node.firewall;

import java.util.Collection;
import java.util.Objects;

/**
 * How this node's rules are called. They are in two chains of its own: the first asks where a
 * packet comes from, the second where it goes, and only what goes from one of this node's devices
 * to another is accepted.
 *
 * @param chain name of the first chain, which others jump to
 * @param comment on every rule
 */
record OwnRules(String chain, String comment) {

  /** With the two chains' names below what iptables allows, 28 characters. */
  private static final int ID_CHARACTERS = 8;

  static OwnRules of(String nodeId) {
    String letters = nodeId.replaceAll("[^A-Za-z0-9]", "");
    return new OwnRules(
        "culvert-" + letters.substring(0, Math.min(ID_CHARACTERS, letters.length())),
        "culvert:" + nodeId);
  }

  /** Name of the second chain. */
  String outChain() {
    return chain + "-out";
  }

  boolean isMarked(Rule rule) {
    return Objects.equals(rule.comment(), comment);
  }

  /** Whether anything of ours is in a table. */
  boolean areIn(Table table) {
    return table.chains().containsKey(chain)
        || table.chains().containsKey(outChain())
        || table.chains().values().stream()
            .flatMap(c -> c.rules().stream())
            .anyMatch(this::isMarked);
  }

  /** Whether a table has our rules for exactly these devices, where they are asked first. */
  boolean areCurrent(Table table, Chain base, Collection<String> devices) {
    Chain in = table.chains().get(chain);
    Chain out = table.chains().get(outChain());
    Chain place = table.chains().get(table.placeForRules(base));
    return in != null
        && out != null
        && place != null
        && place.rules().stream().anyMatch(rule -> isMarked(rule) && chain.equals(rule.target()))
        && isOf(in, devices, true)
        && isOf(out, devices, false);
  }

  private boolean isOf(Chain of, Collection<String> devices, boolean inbound) {
    return of.rules().size() == devices.size()
        && of.rules().stream()
            .allMatch(rule ->
                isMarked(rule)
                    && rule.devices().size() == 1
                    && rule.devices().getFirst().inbound() == inbound
                    && devices.containsAll(rule.devices().getFirst().names()));
  }
}
