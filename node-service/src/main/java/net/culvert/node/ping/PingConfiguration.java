package net.culvert.node.ping;

import net.culvert.node.kernel.icmp.Ping;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.object.Namespaces;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PingConfiguration {

  @Bean
  Pings pings(Syscalls syscalls, Namespaces namespaces) {
    return new Pings(new Ping(syscalls), namespaces);
  }
}
