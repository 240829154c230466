package net.culvert.node.persistence;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
    Path file = state.path().resolve(FILE);
    // Beside the rest of the start, which does not need it before the table is filled.
    CompletableFuture<Database> opening =
        CompletableFuture.supplyAsync(
            () -> Database.prepare(file),
            task -> Thread.ofPlatform().name("store").daemon().start(task));
    return new WishStore(file, opening, new WishBodies(types));
  }
}
