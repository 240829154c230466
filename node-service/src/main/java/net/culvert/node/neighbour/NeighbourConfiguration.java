package net.culvert.node.neighbour;

import net.culvert.node.object.HostFacts;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class NeighbourConfiguration {

  @Bean
  NeighbourType neighbourType(HostFacts facts) {
    return new NeighbourType(facts);
  }
}
