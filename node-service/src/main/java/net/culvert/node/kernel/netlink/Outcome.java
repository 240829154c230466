package net.culvert.node.kernel.netlink;

import org.jspecify.annotations.Nullable;

/**
 * What became of one request.
 *
 * @param failure null where the kernel did it
 * @param warning what the kernel said although it did it, or null
 */
public record Outcome(@Nullable NetlinkException failure, @Nullable String warning) {

  static final Outcome DONE = new Outcome(null, null);

  public boolean isDone() {
    return failure == null;
  }

  /** Throws the failure, if there is one. */
  public void orThrow() {
    if (failure != null) {
      throw failure;
    }
  }
}
