package net.culvert.node.tunnel;

import net.culvert.node.kernel.rtnetlink.Link;
import net.culvert.node.kernel.sys.KernelException;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.object.HostFacts;
import net.culvert.node.object.Mark;
import net.culvert.node.object.Namespaces;
import net.culvert.node.reconcile.Operations;
import net.culvert.node.reconcile.Wishes;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class TunnelConfiguration {

  @Bean
  Tunnels tunnels() {
    return new Tunnels();
  }

  @Bean
  LoopGuard loopGuard(Namespaces namespaces) {
    return new LoopGuard(namespaces);
  }

  @Bean
  EndpointResolver endpointResolver(Tunnels tunnels, LoopGuard loops) {
    return new EndpointResolver(tunnels, loops);
  }

  @Bean
  OffloadProbe offloadProbe(Syscalls syscalls) {
    return new OffloadProbe(syscalls);
  }

  @Bean
  TunnelType tunnelType(HostFacts facts) {
    return new TunnelType(facts);
  }

  @Bean
  PeerType peerType(TunnelType tunnels, HostFacts facts) {
    return new PeerType(tunnels, facts);
  }

  @Bean
  Operations<?, ?> tunnelOperations(
      Syscalls syscalls, Namespaces namespaces, Mark mark, Tunnels tunnels) {
    return new TunnelOperations(syscalls, namespaces, mark, tunnels);
  }

  @Bean
  Operations<?, ?> peerOperations(Tunnels tunnels, EndpointResolver resolver, LoopGuard loops) {
    return new PeerOperations(tunnels, resolver, loops);
  }

  @Bean
  TunnelSources tunnelSources(
      Tunnels tunnels, Namespaces namespaces, Wishes wishes, TunnelType type) {
    return new TunnelSources(
        tunnels,
        tunnel -> {
          boolean wishedUp =
              wishes
                  .get(type, tunnel.key().name().value())
                  .map(wish -> TunnelDefaults.up(wish.body()))
                  .orElse(false);
          try {
            return namespaces
                .host()
                .rtnetlink()
                .link(tunnel.index())
                .map(Link::isUp)
                .filter(up -> up == wishedUp)
                .isPresent();
          } catch (KernelException e) {
            return false;
          }
        });
  }
}
