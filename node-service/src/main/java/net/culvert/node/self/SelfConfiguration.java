package net.culvert.node.self;

import net.culvert.node.health.CapabilityHealthSource;
import net.culvert.node.kernel.capability.KernelAccess;
import net.culvert.node.kernel.sys.Syscalls;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class SelfConfiguration {

  @Bean
  KernelAccess kernelAccess(Syscalls syscalls) {
    return new KernelAccess(syscalls);
  }

  @Bean
  CapabilityHealthSource capabilityHealthSource(KernelAccess access) {
    return () -> SelfController.missing(access);
  }
}
