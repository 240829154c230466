package net.culvert.node.reconcile;

import java.util.Collection;
import java.util.Optional;
import java.util.OptionalInt;

/** What an expansion may look at beside its own wish. Valid during the call only. */
public interface Surroundings {

  /** Another wish, if there is one. */
  <B> Optional<Wish<B>> wish(ResourceType<B> type, String name);

  /** All wishes of a type. */
  <B> Collection<Wish<B>> wishes(ResourceType<B> type);

  /** The wishes whose parent that is; all have the same body, which the caller knows. */
  <B> Collection<Wish<B>> children(ResourceId parent);

  /** Whether any other wish means that object. */
  boolean isWished(ObjectKey key);

  /** Whether nothing wishes that object any more and the kernel may still have it, for a moment. */
  boolean isLeaving(ObjectKey key);

  /** The smallest MTU in bytes that any wish offers. */
  OptionalInt smallestOfferedMtu();
}
