package net.culvert.node.health;

import org.jspecify.annotations.Nullable;

/** Implemented by the store of what is wished. Any thread; quick, from memory. */
@FunctionalInterface
public interface StoreHealthSource {

  /** Why the last write was not kept, as a sentence; null where it was. */
  @Nullable String trouble();
}
