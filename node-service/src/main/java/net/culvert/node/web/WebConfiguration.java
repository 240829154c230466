package net.culvert.node.web;

import jakarta.validation.Validator;
import java.util.function.Function;
import net.culvert.api.route.RouteDestination;
import net.culvert.api.value.Endpoint;
import net.culvert.api.value.InterfaceAddress;
import net.culvert.api.value.IpAddress;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ListenAddress;
import net.culvert.api.value.Prefix;
import net.culvert.api.value.ResourceName;
import net.culvert.node.configuration.CulvertProperties;
import net.culvert.node.web.problem.ProblemWriter;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.format.FormatterRegistry;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

/** Puts the edge together: converters, limits, and the writer of problems. */
@Configuration(proxyBeanMethods = false)
class WebConfiguration implements WebMvcConfigurer {

  private final BodyReader bodyReader;

  WebConfiguration(Validator validator) {
    this.bodyReader = new BodyReader(validator);
  }

  @Bean
  static ProblemWriter problemWriter(JsonMapper mapper) {
    return new ProblemWriter(mapper);
  }

  @Bean
  static FilterRegistrationBean<BodyLimitFilter> bodyLimitFilter(
      CulvertProperties properties, ProblemWriter problems) {
    FilterRegistrationBean<BodyLimitFilter> registration =
        new FilterRegistrationBean<>(
            new BodyLimitFilter(
                properties.api().maxBodyBytes(), properties.api().maxTopologyBytes(), problems));
    // After the token: a stranger is told nothing of limits.
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
    return registration;
  }

  @Override
  public void configureMessageConverters(HttpMessageConverters.ServerBuilder converters) {
    converters.addCustomConverter(new RecordBodyConverter(bodyReader));
  }

  @Override
  public void addFormatters(FormatterRegistry registry) {
    text(registry, LinkName.class, LinkName::parse);
    text(registry, ResourceName.class, ResourceName::parse);
    text(registry, IpAddress.class, IpAddress::parse);
    text(registry, Prefix.class, Prefix::parse);
    text(registry, InterfaceAddress.class, InterfaceAddress::parse);
    text(registry, Endpoint.class, Endpoint::parse);
    text(registry, ListenAddress.class, ListenAddress::parse);
    text(registry, RouteDestination.class, RouteDestination::parse);
  }

  private static <T> void text(
      FormatterRegistry registry, Class<T> type, Function<String, T> parse) {
    registry.addConverter(String.class, type, parse::apply);
  }
}
