package net.culvert.node.security;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.culvert.node.configuration.CulvertProperties;
import net.culvert.node.configuration.HostName;
import net.culvert.node.configuration.StartRefusedException;
import net.culvert.node.configuration.StateDirectory;
import net.culvert.node.web.problem.ProblemWriter;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpHeaders;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.filter.CorsFilter;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Puts what a request has to pass before everything else that it meets. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration implements WebMvcConfigurer {

  private static final Duration CORS_MAX_AGE = Duration.ofHours(1);

  @Bean
  static Exposure exposure(
      ServerProperties server, CulvertProperties properties, Environment environment) {
    Exposure exposure = new Exposure(server.getAddress(), Ssl.isEnabled(server.getSsl()));
    exposure.check(properties.api().allowPlaintext());
    String port = environment.getProperty("management.server.port");
    if (port != null && !port.equals(Objects.toString(server.getPort(), "8080"))) {
      throw new StartRefusedException(
          "management.server.port is another port than the API's, where no token would be asked for.",
          "Leave it out: health and meters are served with the API.");
    }
    return exposure;
  }

  @Bean
  static HealthIndicator apiHealthIndicator(Exposure exposure) {
    return new ExposureHealthIndicator(exposure);
  }

  @Bean
  static Tokens tokens(CulvertProperties properties, StateDirectory state, TokenStore store) {
    return new Tokens(ApiToken.of(properties.api().token(), state), store, Clock.systemUTC());
  }

  /** After everything is put together, and before the server takes requests. */
  @Bean
  static SmartInitializingSingleton tokensAreLoaded(Tokens tokens) {
    return tokens::load;
  }

  @Bean
  static FilterRegistrationBean<HeadersFilter> headersFilter() {
    return ordered(new FilterRegistrationBean<>(new HeadersFilter()), FilterOrder.HEADERS);
  }

  @Bean
  static FilterRegistrationBean<OriginFilter> originFilter(
      CulvertProperties properties, Exposure exposure, ProblemWriter problems) {
    List<String> hosts = new ArrayList<>(properties.api().allowedHosts());
    hosts.add("localhost");
    hosts.addAll(HostName.names());
    OriginFilter filter =
        new OriginFilter(hosts, properties.api().cors().allowedOrigins(), problems);
    return ordered(new FilterRegistrationBean<>(filter), FilterOrder.ORIGIN);
  }

  @Bean
  static FilterRegistrationBean<CorsFilter> corsFilter(CulvertProperties properties) {
    CorsConfiguration cors = new CorsConfiguration();
    cors.setAllowedOrigins(properties.api().cors().allowedOrigins());
    cors.setAllowedMethods(List.of("GET", "HEAD", "PUT", "POST", "PATCH", "DELETE"));
    cors.setAllowedHeaders(
        List.of(
            HttpHeaders.AUTHORIZATION,
            HttpHeaders.CONTENT_TYPE,
            HttpHeaders.ACCEPT,
            HttpHeaders.IF_MATCH,
            HttpHeaders.IF_NONE_MATCH,
            "Last-Event-ID"));
    cors.setExposedHeaders(
        List.of(HttpHeaders.ETAG, HttpHeaders.RETRY_AFTER, HttpHeaders.WWW_AUTHENTICATE));
    cors.setMaxAge(CORS_MAX_AGE);
    UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
    source.registerCorsConfiguration("/**", cors);
    FilterRegistrationBean<CorsFilter> registration =
        new FilterRegistrationBean<>(new CorsFilter(source));
    registration.setEnabled(!properties.api().cors().allowedOrigins().isEmpty());
    return ordered(registration, FilterOrder.CORS);
  }

  @Bean
  static FilterRegistrationBean<RateFilter> rateFilter(
      CulvertProperties properties, ProblemWriter problems) {
    RateFilter filter =
        new RateFilter(
            properties.api().maxRequests(), properties.api().maxConcurrentRequests(), problems);
    return ordered(new FilterRegistrationBean<>(filter), FilterOrder.RATE);
  }

  @Bean
  static FilterRegistrationBean<AuthenticationFilter> authenticationFilter(
      CulvertProperties properties, Tokens tokens, ProblemWriter problems) {
    AuthenticationFilter filter =
        new AuthenticationFilter(
            tokens,
            new ClientCertificates(properties.api().clientCertificates(), Clock.systemUTC()),
            new FailureLimit(properties.api().maxFailures()),
            problems);
    return ordered(new FilterRegistrationBean<>(filter), FilterOrder.AUTHENTICATION);
  }

  private static <F extends jakarta.servlet.Filter> FilterRegistrationBean<F> ordered(
      FilterRegistrationBean<F> registration, int order) {
    registration.setOrder(order);
    return registration;
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(new RoleInterceptor()).order(Ordered.HIGHEST_PRECEDENCE);
  }
}
