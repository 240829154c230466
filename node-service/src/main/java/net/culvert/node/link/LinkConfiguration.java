package net.culvert.node.link;

import java.util.List;
import net.culvert.node.object.HostFacts;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class LinkConfiguration {

  @Bean
  LinkKind vethKind() {
    return new VethKind();
  }

  @Bean
  LinkKind bridgeKind() {
    return new BridgeKind();
  }

  @Bean
  LinkKind macvlanKind(HostFacts facts) {
    return new MacvlanKind(facts);
  }

  @Bean
  LinkKind dummyKind() {
    return new DummyKind();
  }

  @Bean
  LinkType linkType(List<LinkKind> kinds) {
    return new LinkType(kinds);
  }
}
