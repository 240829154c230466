package net.culvert.node.persistence;

import java.util.List;
import net.culvert.node.configuration.StateDirectory;
import net.culvert.node.health.StoreHealthSource;
import net.culvert.node.reconcile.ResourceType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Opens the store in the state directory, which nobody else uses while its lock is held. */
@Configuration(proxyBeanMethods = false)
class PersistenceConfiguration {

  private static final String FILE = "culvert.db";

  @Bean
  StoreHealthSource storeHealthSource(WishStore store) {
    return store::trouble;
  }

  @Bean
  WishStore wishStore(StateDirectory state, List<ResourceType<?>> types) {
    return new WishStore(Database.prepare(state.path().resolve(FILE)), new WishBodies(types));
  }
}
