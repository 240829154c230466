package net.culvert.node.reconcile;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How one kind of object is seen in, put into and removed from the kernel. Every method may be
 * called again after it failed; none retries by itself. All are called on the reconciler's thread
 * alone.
 *
 * @param <K> the kind's key
 * @param <V> what is wished and observed of an object; the same type for both
 */
public interface Operations<K extends ObjectKey, V> {

  Kind kind();

  /**
   * Whether the kernel's objects of this kind tell whose they are. Those that do not are looked at
   * only where they are or were wished, and never found as leftovers.
   */
  default boolean isMarked() {
    return true;
  }

  /** A look at the kernel begins: what was remembered of the last one is not true any more. */
  default void beginLook() {}

  /** Every object in the kernel that carries this node's mark. */
  Map<K, V> observe() throws OperationException;

  /** Those of the named objects that exist and are this node's. */
  Map<K, V> observe(Collection<K> keys) throws OperationException;

  /**
   * Makes an object; one that is there already, is ours and is as wished is a success, somebody
   * else's is refused.
   */
  void create(K key, V desired) throws OperationException;

  /**
   * Makes an object again that was there, as wished, until lately: whatever has its place by now
   * came in between, and where the kernel tells that it is the same object, only its mark gone, it
   * is taken back.
   *
   * @param last what was last seen of it
   */
  default void restore(K key, V last, V desired) throws OperationException {
    create(key, desired);
  }

  /** Makes an existing object as wished. */
  void replace(K key, V observed, V desired) throws OperationException;

  /** Removes an object of ours; one that is gone already is a success. */
  void delete(K key, V observed) throws OperationException;

  /**
   * Ends a pass in which an object of the kind was touched: what the methods above only gathered
   * takes effect. A failure fails every object of the kind that the pass touched.
   */
  default void finish() throws OperationException {}

  /**
   * Whether what is observed is all that is wished; a wish may leave open what an observation
   * always tells.
   */
  default boolean satisfies(V observed, V desired) {
    return observed.equals(desired);
  }

  /** Whether such a replacement makes the object anew, without what was in it. */
  default boolean remakes(V observed, V desired) {
    return false;
  }

  /** Objects beside its container with which the kernel takes this one away too. */
  default Collection<? extends ObjectKey> standsOn(K key, V value) {
    return List.of();
  }

  /**
   * A step in words and as typed by hand. Any thread; it looks at nothing but its arguments.
   *
   * @param observed null for what is not there yet
   * @param desired null for what is to go
   * @param made tells objects that an earlier step of the same plan makes
   */
  default Description describe(
      K key, @Nullable V observed, @Nullable V desired, Predicate<ObjectKey> made) {
    String verb = observed == null ? "make " : desired == null ? "remove " : "change ";
    return new Description(verb + key, List.of());
  }

  /** Within the kind, objects of a smaller rank are made first and removed last. */
  default int rank(V value) {
    return 0;
  }
}
