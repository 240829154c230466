package net.culvert.node.object;

import java.util.List;
import net.culvert.node.configuration.NodeIdentity;
import net.culvert.node.kernel.netns.NamedNamespaces;
import net.culvert.node.kernel.netns.Sysctl;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.reconcile.Operations;
import net.culvert.node.reconcile.Opponents;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ObjectConfiguration {

  @Bean
  Syscalls syscalls() {
    return Syscalls.real();
  }

  @Bean
  Mark mark(NodeIdentity node) {
    return Mark.ofNode(node.id());
  }

  @Bean
  NamedNamespaces namedNamespaces(Syscalls syscalls) {
    return new NamedNamespaces(syscalls);
  }

  @Bean
  Namespaces namespaces(Syscalls syscalls, NamedNamespaces named) {
    return new Namespaces(syscalls, named);
  }

  @Bean
  KernelFacts kernelFacts(Namespaces namespaces) {
    return new KernelFacts(namespaces);
  }

  @Bean
  LinkTable linkTable() {
    return new LinkTable();
  }

  @Bean
  Opponents opponents(Namespaces namespaces) {
    return new KernelOpponents(namespaces);
  }

  @Bean
  Operations<?, ?> namespaceOperations(
      Syscalls syscalls, NamedNamespaces named, Namespaces namespaces, LinkTable links, Mark mark) {
    return new NamespaceOperations(syscalls, named, namespaces, links, mark);
  }

  @Bean
  Operations<?, ?> linkOperations(
      Namespaces namespaces, LinkTable links, Mark mark, List<LinkMaker> makers) {
    return new LinkOperations(namespaces, links, mark, makers);
  }

  @Bean
  Operations<?, ?> settingOperations(
      Syscalls syscalls, Namespaces namespaces, LinkTable links, Mark mark) {
    return new SettingOperations(namespaces, links, mark, new Sysctl(syscalls));
  }

  @Bean
  Operations<?, ?> addressOperations(Namespaces namespaces, LinkTable links, Mark mark) {
    return new AddressOperations(namespaces, links, mark);
  }

  @Bean
  Operations<?, ?> neighbourOperations(Namespaces namespaces, LinkTable links) {
    return new NeighbourOperations(namespaces, links);
  }

  @Bean
  Operations<?, ?> routeOperations(Namespaces namespaces, LinkTable links) {
    return new RouteOperations(namespaces, links);
  }

  @Bean
  KernelEvents kernelEvents(
      Syscalls syscalls, Namespaces namespaces, KernelFacts facts, KernelEvents.Listener listener) {
    return new KernelEvents(syscalls, namespaces, facts, listener);
  }
}
