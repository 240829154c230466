package net.culvert.node.web.stream;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a stream ends by itself.
 *
 * @param events after that many; null for no limit
 * @param duration after that long; null for no limit
 */
public record StreamLimits(@Nullable Long events, @Nullable Duration duration) {

  /** Open until the reader leaves. */
  public static final StreamLimits NONE = new StreamLimits(null, null);
}
