package net.culvert.node.firewall;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.culvert.node.firewall.Rule.DeviceMatch;
import net.culvert.node.firewall.Rule.Verdict;
import org.jspecify.annotations.Nullable;

/** The tables of iptables before nf_tables, of one family. */
final class LegacyTables implements PacketFilter {

  /** For the lock that all of these programs take, in seconds. */
  private static final String WAIT = "5";

  private final String family;
  private final Program list;
  private final Program restore;
  private final Path names;

  /**
   * @param family {@code ip} or {@code ip6}
   * @param list {@code iptables-legacy} or its like for IPv6
   * @param restore {@code iptables-legacy-restore} or its like
   */
  LegacyTables(String family, Program list, Program restore) {
    this.family = family;
    this.list = list;
    this.restore = restore;
    this.names = Path.of("/proc/thread-self/net/" + family + "_tables_names");
  }

  @Override
  public String name() {
    return family.equals("ip") ? "iptables-legacy" : "ip6tables-legacy";
  }

  /** To list a table makes it: so it is listed only where somebody made it before. */
  @Override
  public List<Table> tables() throws FirewallException, InterruptedException {
    try {
      if (!Files.readAllLines(names).contains("filter")) {
        return List.of();
      }
    } catch (IOException e) {
      return List.of(); // The kernel has none of these tables.
    }
    return List.of(parse(family, list.run("", "-w", WAIT, "-t", "filter", "-S")));
  }

  static Table parse(String family, String listing) {
    Map<String, Chain> chains = new LinkedHashMap<>();
    listing
        .lines()
        .forEach(line -> {
          List<String> words = words(line);
          if (words.size() < 2) {
            return;
          }
          String name = words.get(1);
          switch (words.getFirst()) {
            case "-P" ->
                chains.put(
                    name,
                    new Chain(
                        name,
                        name.equals("FORWARD"),
                        words.getLast().equals("DROP"),
                        new ArrayList<>()));
            case "-N" -> chains.put(name, new Chain(name, false, false, new ArrayList<>()));
            case "-A" -> {
              Chain chain = chains.get(name);
              if (chain != null) {
                chain.rules().add(rule(words.subList(2, words.size())));
              }
            }
            default -> {
              // Nothing else is in a listing.
            }
          }
        });
    return new Table(family, "filter", chains);
  }

  /** Words as a shell takes them; only comments are quoted. */
  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    boolean any = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\' && i + 1 < line.length()) {
        word.append(line.charAt(++i));
      } else if (c == '"') {
        quoted = !quoted;
        any = true;
      } else if (c == ' ' && !quoted) {
        if (any || !word.isEmpty()) {
          words.add(word.toString());
        }
        word.setLength(0);
        any = false;
      } else {
        word.append(c);
      }
    }
    if (any || !word.isEmpty()) {
      words.add(word.toString());
    }
    return words;
  }

  private static Rule rule(List<String> words) {
    List<DeviceMatch> devices = new ArrayList<>();
    boolean conditional = false;
    boolean negated = false;
    String target = null;
    String comment = null;
    boolean go = false;
    int i = 0;
    while (i < words.size()) {
      String word = words.get(i++);
      String value = i < words.size() ? words.get(i) : "";
      switch (word) {
        case "!" -> {
          negated = true;
          continue;
        }
        case "-i", "-o" -> {
          String name = value.endsWith("+") ? value.substring(0, value.length() - 1) + "*" : value;
          devices.add(new DeviceMatch(word.equals("-i"), List.of(name), negated));
          i++;
        }
        case "-j", "-g" -> {
          target = value;
          go = word.equals("-g");
          // What follows are options of the target.
          i = words.size();
        }
        case "-m" -> {
          conditional |= !value.equals("comment");
          i++;
        }
        case "--comment" -> {
          comment = value;
          i++;
        }
        default -> conditional = true;
      }
      negated = false;
    }
    Verdict verdict = verdict(target, go);
    boolean leads = verdict == Verdict.JUMP || verdict == Verdict.GOTO;
    return new Rule(devices, conditional, verdict, leads ? target : null, comment, 0);
  }

  private static Verdict verdict(@Nullable String target, boolean go) {
    if (target == null) {
      return Verdict.CONTINUE;
    }
    return switch (target) {
      case "ACCEPT" -> Verdict.ACCEPT;
      case "DROP", "REJECT" -> Verdict.DROP;
      case "RETURN" -> Verdict.RETURN;
      default -> go ? Verdict.GOTO : Verdict.JUMP;
    };
  }

  @Override
  public String ruleFor(Table table, Chain base, String device) {
    String place = name() + " -I " + table.placeForRules(base);
    return "%s -i %s -j ACCEPT; %s -o %s -j ACCEPT".formatted(place, device, place, device);
  }

  @Override
  public void allow(Table table, List<Chain> bases, Collection<String> devices, OwnRules own)
      throws FirewallException, InterruptedException {
    // A chain that is named is made, or emptied, in the same step as all the rest.
    StringBuilder script = new StringBuilder("*filter\n");
    script.append(":%s - [0:0]\n:%s - [0:0]\n".formatted(own.chain(), own.outChain()));
    String mark = " -m comment --comment \"" + own.comment() + "\" -j ";
    deleteJumps(table, own, mark, script);
    for (String device : devices) {
      script.append("-A %s -o %s%sACCEPT\n".formatted(own.outChain(), device, mark));
      script.append("-A %s -i %s%s%s\n".formatted(own.chain(), device, mark, own.outChain()));
    }
    for (String place : table.placesForRules(bases)) {
      script.append("-I %s%s%s\n".formatted(place, mark, own.chain()));
    }
    script.append("COMMIT\n");
    var _ = restore.run(script.toString(), "-w", WAIT, "--noflush");
  }

  private static void deleteJumps(Table table, OwnRules own, String mark, StringBuilder script) {
    for (Chain chain : table.chains().values()) {
      for (Rule rule : chain.rules()) {
        if (own.isMarked(rule) && own.chain().equals(rule.target())) {
          script.append("-D %s%s%s\n".formatted(chain.name(), mark, own.chain()));
        }
      }
    }
  }

  @Override
  public void remove(Table table, OwnRules own) throws FirewallException, InterruptedException {
    StringBuilder script = new StringBuilder();
    String mark = " -m comment --comment \"" + own.comment() + "\" -j ";
    deleteJumps(table, own, mark, script);
    List<String> chains =
        List.of(own.chain(), own.outChain()).stream().filter(table.chains()::containsKey).toList();
    chains.forEach(chain -> script.append("-F ").append(chain).append('\n'));
    chains.forEach(chain -> script.append("-X ").append(chain).append('\n'));
    if (!script.isEmpty()) {
      var _ = restore.run("*filter\n" + script + "COMMIT\n", "-w", WAIT, "--noflush");
    }
  }
}
