package net.culvert.node.reconcile;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One type of resource: how a wish becomes kernel objects. Implementations keep no state.
 *
 * @param <B> the body, with defaults filled in; compared by {@code equals}
 */
public interface ResourceType<B> {

  /** As in the type's path: {@code namespaces}. */
  String name();

  /** The body's class: what a store reads it as. */
  Class<B> bodyType();

  /**
   * A body as it is kept: with defaults in place of what it leaves open.
   *
   * @param stored the wish so far, or null: what it keeps secret stays where the body says nothing
   */
  default B complete(String name, B body, @Nullable B stored) {
    return body;
  }

  /** The same body as it may be read back. */
  default B withoutSecrets(B body) {
    return body;
  }

  /**
   * The kernel objects that the wish means, given everything else that is wished.
   *
   * @throws WishRefusedException if the wish contradicts itself or its surroundings
   */
  Expansion expand(String name, B body, Surroundings surroundings);

  /**
   * Whether {@link Surroundings#smallestOfferedMtu} matters here: then a change of it expands these
   * wishes again.
   */
  default boolean followsMtu() {
    return false;
  }

  /** Whether children matter here: then a change of one expands its parent again. */
  default boolean followsChildren() {
    return false;
  }

  /**
   * Whether facts of the host matter here: then {@link DesiredTable#factsChanged} expands these
   * wishes again.
   */
  default boolean followsFacts() {
    return false;
  }

  /** Whether traffic waits for it after a restart: then it is looked at before all else is. */
  default boolean comesFirst() {
    return false;
  }

  /** What the kernel holds of the wish, as it stands in the answer's {@code status.observed}. */
  Map<String, Object> describe(Map<ObjectKey, Object> observed);
}
