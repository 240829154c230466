package net.culvert.node.web.stream;

import net.culvert.node.configuration.CulvertProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** One limit for the streams of all features. */
@Configuration(proxyBeanMethods = false)
class StreamConfiguration {

  @Bean
  EventStreams eventStreams(JsonMapper mapper, CulvertProperties properties) {
    return new EventStreams(mapper, properties.api().maxStreams());
  }
}
