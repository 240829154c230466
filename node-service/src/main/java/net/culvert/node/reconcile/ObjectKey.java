package net.culvert.node.reconcile;

import org.jspecify.annotations.Nullable;

/** What tells one kernel object from all others; {@code toString} is how messages call it. */
public interface ObjectKey {

  Kind kind();

  /** The object that takes this one along when it goes (a link its addresses), or null. */
  default @Nullable ObjectKey container() {
    return null;
  }
}
