package net.culvert.node.web.stream;

import net.culvert.node.configuration.CulvertProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.web.servlet.config.annotation.AsyncSupportConfigurer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

/** Gives streams threads of their own, away from those that serve other requests. */
@Configuration(proxyBeanMethods = false)
class StreamConfiguration implements WebMvcConfigurer {

  /** Streams that are just ending may still hold a thread. */
  private static final int SPARE_THREADS = 8;

  private final int maxStreams;

  StreamConfiguration(CulvertProperties properties) {
    this.maxStreams = properties.api().maxStreams();
  }

  @Bean
  EventStreams eventStreams(JsonMapper mapper) {
    return new EventStreams(mapper, maxStreams);
  }

  @Override
  public void configureAsyncSupport(AsyncSupportConfigurer configurer) {
    SimpleAsyncTaskExecutor threads = new SimpleAsyncTaskExecutor("stream-");
    threads.setDaemon(true);
    threads.setConcurrencyLimit(maxStreams + SPARE_THREADS);
    threads.setRejectTasksWhenLimitReached(true);
    configurer.setTaskExecutor(threads);
  }
}
