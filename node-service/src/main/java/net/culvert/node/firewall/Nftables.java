package net.culvert.node.firewall;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.culvert.node.firewall.Rule.DeviceMatch;
import net.culvert.node.firewall.Rule.Verdict;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * nf_tables by {@code nft}, which also shows what {@code iptables-nft} makes. Rules that nft adds
 * to the tables of iptables-nft are made of expressions that iptables-nft itself uses, so that it
 * can still read them.
 */
final class Nftables implements PacketFilter {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** What a rule may have beside its conditions without becoming another. */
  private static final Set<String> STATEMENTS_OF_NOTE_ONLY = Set.of("counter", "log");

  private final Program nft;

  Nftables(Program nft) {
    this.nft = nft;
  }

  @Override
  public String name() {
    return "nft";
  }

  @Override
  public List<Table> tables() throws FirewallException, InterruptedException {
    return parse(nft.run("", "-j", "list", "ruleset"));
  }

  static List<Table> parse(String json) throws FirewallException {
    Map<String, Table> tables = new LinkedHashMap<>();
    try {
      for (JsonNode each : JSON.readTree(json).path("nftables")) {
        if (each.has("chain")) {
          JsonNode chain = each.path("chain");
          table(tables, chain)
              .chains()
              .put(
                  text(chain, "name"),
                  new Chain(
                      text(chain, "name"),
                      text(chain, "hook").equals("forward") && text(chain, "type").equals("filter"),
                      text(chain, "policy").equals("drop"),
                      new ArrayList<>()));
        } else if (each.has("rule")) {
          JsonNode rule = each.path("rule");
          Chain chain = table(tables, rule).chains().get(text(rule, "chain"));
          if (chain != null) {
            chain.rules().add(rule(rule));
          }
        }
      }
    } catch (JacksonException e) {
      throw new FirewallException("what nft wrote is no JSON: " + e.getOriginalMessage());
    }
    return List.copyOf(tables.values());
  }

  private static Table table(Map<String, Table> tables, JsonNode of) {
    String family = text(of, "family");
    String name = text(of, "table");
    return tables.computeIfAbsent(family + " " + name, any -> new Table(family, name));
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asString("");
  }

  private static Rule rule(JsonNode node) {
    List<DeviceMatch> devices = new ArrayList<>();
    boolean conditional = false;
    Verdict verdict = Verdict.CONTINUE;
    String target = null;
    for (JsonNode expression : node.path("expr")) {
      String kind = expression.propertyNames().iterator().next();
      JsonNode value = expression.path(kind);
      switch (kind) {
        case "match" -> {
          DeviceMatch device = device(value);
          if (device == null) {
            conditional = true;
          } else {
            devices.add(device);
          }
        }
        case "accept" -> verdict = Verdict.ACCEPT;
        case "drop", "reject" -> verdict = Verdict.DROP;
        case "return" -> verdict = Verdict.RETURN;
        case "jump", "goto" -> {
          verdict = kind.equals("jump") ? Verdict.JUMP : Verdict.GOTO;
          target = text(value, "target");
        }
        case "xt" -> {
          // A module of iptables, of which nft tells no more than the name.
          if (text(value, "name").equals("REJECT")) {
            verdict = Verdict.DROP;
          } else if (!text(value, "name").equals("comment")) {
            conditional = true;
          }
        }
        default -> conditional |= !STATEMENTS_OF_NOTE_ONLY.contains(kind);
      }
    }
    JsonNode comment = node.path("comment");
    return new Rule(
        devices,
        conditional,
        verdict,
        target,
        comment.isString() ? comment.asString() : null,
        node.path("handle").asLong(0));
  }

  private static @Nullable DeviceMatch device(JsonNode match) {
    String key = match.path("left").path("meta").path("key").asString("");
    String operator = text(match, "op");
    if (!key.equals("iifname") && !key.equals("oifname")
        || !operator.equals("==") && !operator.equals("!=")) {
      return null;
    }
    JsonNode right = match.path("right");
    List<String> names = new ArrayList<>();
    if (right.isString()) {
      names.add(right.asString());
    } else {
      right.path("set").forEach(name -> names.add(name.asString("")));
    }
    return names.isEmpty()
        ? null
        : new DeviceMatch(key.equals("iifname"), names, operator.equals("!="));
  }

  @Override
  public String ruleFor(Table table, Chain base, String device) {
    String place = table.family() + " " + table.name() + " " + table.placeForRules(base);
    return "nft 'insert rule %s iifname \"%s\" accept; insert rule %s oifname \"%s\" accept'"
        .formatted(place, device, place, device);
  }

  @Override
  public void allow(Table table, List<Chain> bases, Collection<String> devices, OwnRules own)
      throws FirewallException, InterruptedException {
    String where = table.family() + " " + table.name() + " ";
    StringBuilder script = new StringBuilder();
    for (String chain : List.of(own.outChain(), own.chain())) {
      script.append("add chain ").append(where).append(chain).append('\n');
      script.append("flush chain ").append(where).append(chain).append('\n');
    }
    String comment = " comment \"" + own.comment() + "\"\n";
    for (String device : devices) {
      script.append(
          "add rule %s oifname \"%s\" counter accept%s"
              .formatted(where + own.outChain(), device, comment));
      script.append(
          "add rule %s iifname \"%s\" counter jump %s%s"
              .formatted(where + own.chain(), device, own.outChain(), comment));
    }
    deleteJumps(table, own, script);
    for (String place : table.placesForRules(bases)) {
      script.append(
          "insert rule %s counter jump %s%s".formatted(where + place, own.chain(), comment));
    }
    var _ = nft.run(script.toString(), "-f", "-");
  }

  private static void deleteJumps(Table table, OwnRules own, StringBuilder script) {
    for (Chain chain : table.chains().values()) {
      if (chain.name().equals(own.chain()) || chain.name().equals(own.outChain())) {
        continue;
      }
      for (Rule rule : chain.rules()) {
        if (own.isMarked(rule) || own.chain().equals(rule.target())) {
          script.append(
              "delete rule %s %s %s handle %d\n"
                  .formatted(table.family(), table.name(), chain.name(), rule.handle()));
        }
      }
    }
  }

  @Override
  public void remove(Table table, OwnRules own) throws FirewallException, InterruptedException {
    StringBuilder script = new StringBuilder();
    deleteJumps(table, own, script);
    for (String chain : List.of(own.chain(), own.outChain())) {
      if (table.chains().containsKey(chain)) {
        String where = "%s %s %s\n".formatted(table.family(), table.name(), chain);
        script.append("flush chain ").append(where).append("delete chain ").append(where);
      }
    }
    if (!script.isEmpty()) {
      var _ = nft.run(script.toString(), "-f", "-");
    }
  }
}
