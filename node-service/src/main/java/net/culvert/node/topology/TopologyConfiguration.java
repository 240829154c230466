package net.culvert.node.topology;

import java.util.List;
import net.culvert.node.configuration.CulvertProperties;
import net.culvert.node.reconcile.DesiredStore;
import net.culvert.node.reconcile.DesiredTable;
import net.culvert.node.reconcile.ResourceType;
import net.culvert.node.web.BodyReader;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class TopologyConfiguration {

  @Bean
  TopologyDocuments topologyDocuments(List<ResourceType<?>> types) {
    return new TopologyDocuments(types);
  }

  @Bean
  Bootstrap bootstrap(
      CulvertProperties properties,
      BodyReader bodies,
      TopologyDocuments documents,
      DesiredTable table,
      DesiredStore store) {
    return new Bootstrap(
        properties.bootstrap().topology(),
        properties.bootstrap().mode() == CulvertProperties.Bootstrap.Mode.ALWAYS,
        properties.api().maxTopologyBytes(),
        bodies,
        documents,
        table,
        store);
  }
}
