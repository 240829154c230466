package net.culvert.node.health;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Registers the indicators and meters; their sources are whatever beans there are. */
@Configuration(proxyBeanMethods = false)
class HealthConfiguration {

  /** Something does not work and is shown, and the node goes on; its HTTP status is 200. */
  static final Status DEGRADED = new Status("DEGRADED");

  @Bean
  HealthIndicator tunnelsHealthIndicator(ObjectProvider<TunnelHealthSource> sources) {
    return new TunnelsHealthIndicator(sources);
  }

  @Bean
  HealthIndicator reconcileHealthIndicator(ObjectProvider<ReconcileHealthSource> sources) {
    return new ReconcileHealthIndicator(sources);
  }

  @Bean
  HealthIndicator firewallHealthIndicator(ObjectProvider<FirewallHealthSource> sources) {
    return new FirewallHealthIndicator(sources);
  }

  @Bean
  HealthIndicator capabilitiesHealthIndicator(ObjectProvider<CapabilityHealthSource> sources) {
    return new CapabilitiesHealthIndicator(sources);
  }

  @Bean
  HealthIndicator storeHealthIndicator(ObjectProvider<StoreHealthSource> sources) {
    return new StoreHealthIndicator(sources);
  }

  @Bean
  HealthIndicator auditHealthIndicator(ObjectProvider<AuditHealthSource> sources) {
    return new AuditHealthIndicator(sources);
  }

  @Bean
  ReconcileMeters reconcileMeters(
      PrometheusRegistry registry, ObjectProvider<ReconcileHealthSource> sources) {
    ReconcileMeters meters = new ReconcileMeters(sources);
    registry.register(meters);
    return meters;
  }

  @Bean
  TunnelMeters tunnelMeters(
      PrometheusRegistry registry, ObjectProvider<TunnelTrafficSource> sources) {
    TunnelMeters meters = new TunnelMeters(sources);
    registry.register(meters);
    return meters;
  }
}
