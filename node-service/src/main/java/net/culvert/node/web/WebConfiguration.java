package net.culvert.node.web;

import jakarta.validation.Validator;
import java.time.Duration;
import net.culvert.node.configuration.CulvertProperties;
import net.culvert.node.web.problem.ProblemWriter;
import org.apache.tomcat.util.buf.EncodedSolidusHandling;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.format.FormatterRegistry;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.json.JsonMapper;

/** Puts the edge together: converters, limits, and the writer of problems. */
@Configuration(proxyBeanMethods = false)
class WebConfiguration implements WebMvcConfigurer {

  /** How many times the wait for a byte a body may take as a whole. */
  private static final int BODY_TIMEOUTS = 3;

  private final BodyReader bodyReader;

  WebConfiguration(BodyReader bodyReader) {
    this.bodyReader = bodyReader;
  }

  @Bean
  static BodyReader bodyReader(Validator validator) {
    return new BodyReader(validator);
  }

  @Bean
  static ProblemWriter problemWriter(JsonMapper mapper) {
    return new ProblemWriter(mapper);
  }

  @Bean
  static FilterRegistrationBean<BodyLimitFilter> bodyLimitFilter(
      CulvertProperties properties,
      @Value("${server.tomcat.connection-timeout}") Duration timeout,
      ProblemWriter problems) {
    FilterRegistrationBean<BodyLimitFilter> registration =
        new FilterRegistrationBean<>(
            new BodyLimitFilter(
                properties.api().maxBodyBytes(),
                properties.api().maxTopologyBytes(),
                timeout.multipliedBy(BODY_TIMEOUTS),
                problems));
    // After the token: a stranger is told nothing of limits.
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 100);
    return registration;
  }

  /** A slash or backslash in an escape is part of a name, which then is refused by name. */
  @Bean
  static WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> containerProblems(
      @Qualifier("requestMappingHandlerMapping")
          ObjectProvider<RequestMappingHandlerMapping> mapping,
      ProblemWriter problems) {
    PathErrors paths = new PathErrors(mapping::getObject);
    return factory -> {
      factory.addConnectorCustomizers(connector -> {
        connector.setEncodedSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue());
        connector.setEncodedReverseSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue());
      });
      factory.addContextCustomizers(context ->
          context.getParent().getPipeline().addValve(new ContainerProblemValve(paths, problems)));
    };
  }

  /** What a slow client may hold, and for how long. */
  @Bean
  static WebServerFactoryCustomizer<TomcatServletWebServerFactory> slowClients() {
    return factory -> {
      factory.setProtocol(HeaderDeadlineProtocol.class.getName());
      factory.addEngineValves(new UnreadBodyValve());
    };
  }

  @Override
  public void configureMessageConverters(HttpMessageConverters.ServerBuilder converters) {
    converters
        .addCustomConverter(new RecordBodyConverter(bodyReader))
        .withYamlConverter(new YamlConverter());
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(new PathVariableCheck(bodyReader)).addPathPatterns("/api/**");
  }

  @Override
  public void addFormatters(FormatterRegistry registry) {
    registry.addConverter(new TextTypes.Converting());
    registry.addConverter(String.class, Boolean.class, WebConfiguration::truth);
  }

  /** Spring's own converter also takes "on", "yes" and "1", of which the contract says nothing. */
  private static Boolean truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("'" + text + "' is neither true nor false");
    };
  }
}
