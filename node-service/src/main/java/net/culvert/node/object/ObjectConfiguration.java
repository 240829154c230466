package net.culvert.node.object;

import java.util.List;
import net.culvert.node.configuration.NodeIdentity;
import net.culvert.node.kernel.netns.NamedNamespaces;
import net.culvert.node.kernel.netns.Sysctl;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.reconcile.Operations;
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
  Operations<?, ?> namespaceOperations(
      Syscalls syscalls, NamedNamespaces named, Namespaces namespaces, Mark mark) {
    return new NamespaceOperations(syscalls, named, namespaces, mark);
  }

  @Bean
  Operations<?, ?> linkOperations(Namespaces namespaces, Mark mark, List<LinkMaker> makers) {
    return new LinkOperations(namespaces, mark, makers);
  }

  @Bean
  Operations<?, ?> settingOperations(Syscalls syscalls, Namespaces namespaces, Mark mark) {
    return new SettingOperations(namespaces, mark, new Sysctl(syscalls));
  }

  @Bean
  Operations<?, ?> addressOperations(Namespaces namespaces, Mark mark) {
    return new AddressOperations(namespaces, mark);
  }

  @Bean
  Operations<?, ?> neighbourOperations(Namespaces namespaces) {
    return new NeighbourOperations(namespaces);
  }

  @Bean
  Operations<?, ?> routeOperations(Namespaces namespaces) {
    return new RouteOperations(namespaces);
  }

  @Bean
  KernelEvents kernelEvents(
      Syscalls syscalls, Namespaces namespaces, KernelFacts facts, KernelEvents.Listener listener) {
    return new KernelEvents(syscalls, namespaces, facts, listener);
  }
}
