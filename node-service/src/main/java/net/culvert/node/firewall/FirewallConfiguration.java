package net.culvert.node.firewall;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.culvert.node.configuration.CulvertProperties;
import net.culvert.node.configuration.NodeIdentity;
import net.culvert.node.reconcile.DesiredTable;
import net.culvert.node.reconcile.StatusBoard;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class FirewallConfiguration {

  @Bean(destroyMethod = "")
  FirewallGuard firewallGuard(
      NodeIdentity node, DesiredTable table, StatusBoard board, CulvertProperties properties) {
    List<PacketFilter> filters = filters();
    return new FirewallGuard(
        new Firewall(filters, OwnRules.of(node.id().toString()), properties.firewall()),
        properties.firewall(),
        !filters.isEmpty(),
        () -> Forwarding.of(table.wished(key -> Forwarding.family(key) != null)),
        board::notices,
        properties.reconcile().resyncPeriod());
  }

  static List<PacketFilter> filters() {
    List<PacketFilter> filters = new ArrayList<>();
    Program.find("nft").map(Nftables::new).ifPresent(filters::add);
    for (String family : List.of("ip", "ip6")) {
      Optional<Program> list = Program.find(family + "tables-legacy");
      Optional<Program> restore = Program.find(family + "tables-legacy-restore");
      if (list.isPresent() && restore.isPresent()) {
        filters.add(new LegacyTables(family, list.get(), restore.get()));
      }
    }
    return filters;
  }

  @Bean
  FirewallLifecycle firewallLifecycle(FirewallGuard guard) {
    return new FirewallLifecycle(guard);
  }
}
