package net.culvert.node.events;

import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class EventConfiguration {

  private static final int CAPACITY = 4_096;
  private static final int EPOCH_RADIX = 36;

  /** The epoch is the time of the start: no two starts of a node are within a millisecond. */
  @Bean
  EventLog eventLog() {
    return new EventLog(
        CAPACITY, Long.toString(System.currentTimeMillis(), EPOCH_RADIX), InstantSource.system());
  }
}
