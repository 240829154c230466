package net.culvert.node.ping;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PingConfiguration {
  @Bean
  Pings pings() {
    return (namespace, request) -> {
      throw new net.culvert.node.web.problem.UnavailableException(
          "pings arrive with the next change");
    };
  }
}
