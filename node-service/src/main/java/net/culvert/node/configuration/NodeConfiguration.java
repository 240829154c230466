package net.culvert.node.configuration;

import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Reads the properties, opens the state directory, and finds out who the node is. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CulvertProperties.class)
class NodeConfiguration {

  @Bean
  static ConfigurationPropertiesBindHandlerAdvisor mistakeCollector() {
    return MistakeCollector::new;
  }

  @Bean
  StateDirectory stateDirectory(CulvertProperties properties) {
    return StateDirectory.open(properties.stateDirectory());
  }

  @Bean
  NodeIdentity nodeIdentity(StateDirectory state, CulvertProperties properties) {
    return NodeIdentity.of(state, properties.nodeName());
  }
}
