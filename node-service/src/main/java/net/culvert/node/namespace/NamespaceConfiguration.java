package net.culvert.node.namespace;

import net.culvert.node.object.HostFacts;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class NamespaceConfiguration {

  @Bean
  NamespaceType namespaceType(HostFacts facts) {
    return new NamespaceType(facts);
  }
}
