package net.culvert.node.dataplane;

import org.jspecify.annotations.Nullable;

/**
 * Whether an offload is in use.
 *
 * @param on whether it is
 * @param reason why not, or null while it is on
 * @param fallbacks how often the kernel refused it while it was on
 * @param retryInNanos when it will be tried again, or null if it will not
 */
public record OffloadStatus(
    Offload offload,
    boolean on,
    @Nullable String reason,
    long fallbacks,
    @Nullable Long retryInNanos) {

  /** On, or off with the reason and what becomes of it. */
  public String inWords() {
    StringBuilder words = new StringBuilder(on ? "on: " + offload.sentence() : "off: " + reason);
    if (retryInNanos != null) {
      words.append("; tried again in ").append(retryInNanos / 1_000_000_000L).append(" s");
    }
    if (fallbacks > 0) {
      words.append("; refused ").append(fallbacks).append(fallbacks == 1 ? " time" : " times");
    }
    return words.toString();
  }
}
