package net.culvert.node.tunnel;

import net.culvert.node.configuration.CulvertProperties;
import net.culvert.node.crypto.PacketCiphers;
import net.culvert.node.events.EventLog;
import net.culvert.node.kernel.rtnetlink.Link;
import net.culvert.node.kernel.sys.KernelException;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.object.HostFacts;
import net.culvert.node.object.Mark;
import net.culvert.node.object.Namespaces;
import net.culvert.node.reconcile.Operations;
import net.culvert.node.reconcile.Wishes;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
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
  PacketCiphers packetCiphers(EventLog log) {
    return new PacketCiphers((suite, reason) ->
        log.fallback("given-up", null, "libcrypto for " + suite.apiName(), reason));
  }

  @Bean(initMethod = "start")
  TunnelWatch tunnelWatch(Tunnels tunnels, EventLog log) {
    return new TunnelWatch(tunnels, new TunnelNews(log));
  }

  @Bean
  Rehearsals rehearsals(Syscalls syscalls, PacketCiphers ciphers, CulvertProperties properties) {
    return new Rehearsals(syscalls, ciphers, properties.dataPlane().rehearsal());
  }

  /** Not earlier: it would take the processors from the start itself. */
  @Bean
  ApplicationListener<ApplicationReadyEvent> rehearsalStarter(Rehearsals rehearsals) {
    return event -> rehearsals.start();
  }

  @Bean
  TunnelType tunnelType(HostFacts facts) {
    return new TunnelType(facts);
  }

  @Bean
  WireGuardConfigurator wireGuardConfigurator(
      Wishes wishes, TunnelType tunnelType, PeerType peerType, Tunnels tunnels) {
    return new WireGuardConfigurator(wishes, tunnelType, peerType, tunnels);
  }

  @Bean
  WireGuardSockets wireGuardSockets(
      CulvertProperties properties, WireGuardConfigurator configurator, Tunnels tunnels) {
    WireGuardSockets sockets =
        new WireGuardSockets(properties.wireguard().socketDirectory(), configurator);
    tunnels.listenBy(sockets);
    return sockets;
  }

  @Bean
  PeerType peerType(TunnelType tunnels, HostFacts facts) {
    return new PeerType(tunnels, facts);
  }

  @Bean
  Operations<?, ?> tunnelOperations(
      Syscalls syscalls,
      Namespaces namespaces,
      Mark mark,
      Tunnels tunnels,
      PacketCiphers ciphers,
      Rehearsals rehearsals) {
    return new TunnelOperations(syscalls, namespaces, mark, tunnels, ciphers, rehearsals::await);
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
