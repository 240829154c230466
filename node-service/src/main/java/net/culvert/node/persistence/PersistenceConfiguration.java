package net.culvert.node.persistence;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import net.culvert.node.configuration.StateDirectory;
import net.culvert.node.health.StoreHealthSource;
import net.culvert.node.reconcile.ResourceType;
import net.culvert.node.security.TokenStore;
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

  /** Is opened beside the rest of the start, which does not need it before the table is filled. */
  @Bean(destroyMethod = "")
  CompletableFuture<Database> openingDatabase(StateDirectory state) {
    Path file = state.path().resolve(FILE);
    return CompletableFuture.supplyAsync(
        () -> Database.prepare(file),
        task -> Thread.ofPlatform().name("store").daemon().start(task));
  }

  @Bean
  WishStore wishStore(
      StateDirectory state, CompletableFuture<Database> opening, List<ResourceType<?>> types) {
    return new WishStore(state.path().resolve(FILE), opening, new WishBodies(types));
  }

  @Bean
  TokenStore tokenStore(StateDirectory state, CompletableFuture<Database> opening) {
    return new SqliteTokenStore(state.path().resolve(FILE), opening);
  }
}
