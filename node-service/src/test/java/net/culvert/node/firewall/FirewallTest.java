package net.culvert.node.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is understood of rules as the programs write them. */
class FirewallTest {

  private static final String DOCKER =
      """
      -P INPUT ACCEPT
      -P FORWARD DROP
      -P OUTPUT ACCEPT
      -N DOCKER-USER
      -N DOCKER-FORWARD
      -A FORWARD -j DOCKER-USER
      -A FORWARD -j DOCKER-FORWARD
      -A DOCKER-FORWARD -i docker0 -j ACCEPT
      -A DOCKER-FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
      -A DOCKER-USER -i vpn+ ! -o eth0 -m comment --comment "two words" -j ACCEPT
      """;

  private static Chain forward(Table table) {
    return table.forwarding().getFirst();
  }

  private static boolean drops(Table table, String in, String out) {
    return table.drops(forward(table), in, out, rule -> true);
  }

  @Test
  void aPolicyDropsWhatNoRuleTakes() {
    Table table = LegacyTables.parse("ip", DOCKER);
    assertThat(drops(table, "veth-net1", "tun0")).isTrue();
    assertThat(drops(table, "docker0", "tun0")).isFalse();
    assertThat(drops(table, "vpn7", "tun0")).isFalse();
    assertThat(drops(table, "vpn7", "eth0")).isTrue();
    assertThat(table.owner()).isEqualTo("Docker");
    assertThat(table.placeForRules(forward(table))).isEqualTo("DOCKER-USER");
  }

  @Test
  void aRuleForSomePacketsOnlyIsPassedOver() {
    Table table =
        LegacyTables.parse(
            "ip",
            """
            -P FORWARD ACCEPT
            -A FORWARD -s 10.0.0.0/8 -j DROP
            -A FORWARD -p tcp -j REJECT --reject-with icmp-port-unreachable
            """);
    assertThat(drops(table, "a", "b")).isFalse();
  }

  @Test
  void aRuleAtTheEndDropsAsAPolicyDoes() {
    Table table =
        LegacyTables.parse(
            "ip6",
            """
            -P FORWARD ACCEPT
            -A FORWARD -i lan0 -g ours
            -A FORWARD -j REJECT --reject-with icmp6-adm-prohibited
            -N ours
            -A ours -o wan0 -j ACCEPT
            """);
    assertThat(drops(table, "a", "b")).isTrue();
    // A chain that is gone to returns to nobody: the policy decides.
    assertThat(drops(table, "lan0", "b")).isFalse();
  }

  @Test
  void readsWhatNftWrites() throws Exception {
    List<Table> tables =
        Nftables.parse(
            """
            {"nftables": [{"metainfo": {"version": "1.0.6"}},
              {"table": {"family": "inet", "name": "firewalld", "handle": 1}},
              {"chain": {"family": "inet", "table": "firewalld", "name": "filter_FORWARD", "handle": 1,
                "type": "filter", "hook": "forward", "prio": 10, "policy": "accept"}},
              {"chain": {"family": "inet", "table": "firewalld", "name": "mangle_FORWARD", "handle": 3,
                "type": "route", "hook": "forward", "prio": 10, "policy": "drop"}},
              {"rule": {"family": "inet", "table": "firewalld", "chain": "filter_FORWARD", "handle": 4,
                "expr": [{"match": {"op": "in", "left": {"ct": {"key": "state"}}, "right": ["established"]}},
                  {"accept": null}]}},
              {"rule": {"family": "inet", "table": "firewalld", "chain": "filter_FORWARD", "handle": 5,
                "comment": "x", "expr": [{"match": {"op": "==", "left": {"meta": {"key": "iifname"}},
                "right": {"set": ["lo", "wg*"]}}}, {"counter": {"packets": 0, "bytes": 0}}, {"accept": null}]}},
              {"rule": {"family": "inet", "table": "firewalld", "chain": "filter_FORWARD", "handle": 6,
                "expr": [{"reject": {"type": "icmpx", "expr": "admin-prohibited"}}]}}]}
            """);
    Table table = tables.getFirst();
    assertThat(table.forwarding()).hasSize(1);
    assertThat(drops(table, "veth-net1", "tun0")).isTrue();
    assertThat(drops(table, "wg3", "tun0")).isFalse();
    assertThat(table.owner()).isEqualTo("firewalld");
    assertThat(table.families()).hasSize(2);
  }

  @Test
  void whatIsNoJsonIsToldInASentence() {
    assertThatExceptionOfType(FirewallException.class)
        .isThrownBy(() -> Nftables.parse("table ip filter {"))
        .withMessageContaining("no JSON");
  }

  @Test
  void jumpsInACircleEnd() {
    Table table =
        LegacyTables.parse(
            "ip",
            """
            -P FORWARD DROP
            -N round
            -A FORWARD -j round
            -A round -j round
            """);
    assertThat(drops(table, "a", "b")).isTrue();
  }

  @Test
  void namesOfOwnChainsAreShortEnough() {
    OwnRules own = OwnRules.of("123e4567-e89b-12d3-a456-426614174000");
    assertThat(own.chain()).isEqualTo("culvert-123e4567");
    assertThat(own.outChain()).hasSizeLessThan(29);
    assertThat(own.comment()).isEqualTo("culvert:123e4567-e89b-12d3-a456-426614174000");
  }
}
