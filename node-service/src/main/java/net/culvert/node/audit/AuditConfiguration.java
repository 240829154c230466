package net.culvert.node.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Clock;
import net.culvert.node.configuration.StateDirectory;
import net.culvert.node.health.AuditHealthSource;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import tools.jackson.databind.json.JsonMapper;

/** Keeps the audit log in the state directory, and lets every request pass it. */
@Configuration(proxyBeanMethods = false)
class AuditConfiguration {

  /** Some 40,000 lines each. */
  private static final long MAX_BYTES = 8L << 20;

  private static final int MAX_FILES = 8;

  /** After the headers, and before everything that refuses. */
  private static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 10;

  @Bean
  AuditLog auditLog(StateDirectory state) {
    JsonMapper mapper =
        JsonMapper.builder()
            .changeDefaultPropertyInclusion(
                any -> any.withValueInclusion(JsonInclude.Include.NON_NULL))
            .build();
    return new AuditLog(state.path(), MAX_BYTES, MAX_FILES, mapper);
  }

  @Bean
  AuditHealthSource auditHealthSource(AuditLog log) {
    return log::trouble;
  }

  @Bean
  FilterRegistrationBean<AuditFilter> auditFilter(AuditLog log) {
    FilterRegistrationBean<AuditFilter> registration =
        new FilterRegistrationBean<>(new AuditFilter(log, Clock.systemUTC()));
    registration.setOrder(ORDER);
    return registration;
  }
}
