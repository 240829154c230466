package net.culvert.node.security;

import net.culvert.node.configuration.CulvertProperties;
import net.culvert.node.configuration.StateDirectory;
import net.culvert.node.web.problem.ProblemWriter;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** Puts the token before everything else that a request meets. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

  @Bean
  FilterRegistrationBean<BearerTokenFilter> bearerTokenFilter(
      CulvertProperties properties, StateDirectory state, ProblemWriter problems) {
    ApiToken token = ApiToken.of(properties.api().token(), state);
    FilterRegistrationBean<BearerTokenFilter> registration =
        new FilterRegistrationBean<>(new BearerTokenFilter(token, problems));
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
    return registration;
  }
}
