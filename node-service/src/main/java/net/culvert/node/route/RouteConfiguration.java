package net.culvert.node.route;

import net.culvert.node.object.HostFacts;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RouteConfiguration {

  @Bean
  RouteType routeType(HostFacts facts) {
    return new RouteType(facts);
  }
}
