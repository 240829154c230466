package net.culvert.node.web.stream;

import java.time.Duration;
import net.culvert.node.web.problem.InvalidFieldException;
import org.jspecify.annotations.Nullable;

/**
 * When a stream ends by itself.
 *
 * @param events after that many; null for no limit
 * @param duration after that long; null for no limit
 */
public record StreamLimits(@Nullable Long events, @Nullable Duration duration) {

  private static final long MAX_EVENTS = 1_000_000_000L;
  private static final long MAX_SECONDS = 86_400L;

  /**
   * As a request gives them.
   *
   * @param limit events, or null
   * @throws InvalidFieldException if one is out of its range
   */
  public static StreamLimits of(@Nullable Long limit, @Nullable Long seconds) {
    requireRange("limit", limit, MAX_EVENTS);
    requireRange("seconds", seconds, MAX_SECONDS);
    return new StreamLimits(limit, seconds == null ? null : Duration.ofSeconds(seconds));
  }

  private static void requireRange(String field, @Nullable Long value, long max) {
    if (value != null && (value < 1 || value > max)) {
      throw new InvalidFieldException(field, "is 1 to " + max + ", not " + value);
    }
  }

  /** Open until the reader leaves. */
  public static final StreamLimits NONE = new StreamLimits(null, null);
}
