package net.culvert.node.reconcile;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something in the kernel was not as this node had left it, and was put back.
 *
 * @param resource whose it is; null for what nothing wishes, which was removed
 * @param object what was put back or removed
 * @param what happened, as a sentence
 * @param when it was put back
 */
public record Drift(@Nullable ResourceId resource, ObjectKey object, String what, Instant when) {

  @Override
  public String toString() {
    return resource == null ? what : resource + ": " + what;
  }
}
