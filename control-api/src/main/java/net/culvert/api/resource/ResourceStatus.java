package net.culvert.api.resource;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far the kernel follows a wish.
 *
 * @param message one sentence, for FAILED with the call, errno and the kernel's own words
 * @param attempts tries since the wish was last written; 1 when the first one did it
 * @param since when the state was entered
 * @param corrections how often something was put back that somebody else had changed
 * @param lastCorrection the last such change in words
 * @param observed what is in the kernel now, beside the wish
 */
@Schema(description = "How far the kernel follows the wish.")
public record ResourceStatus(
    ResourceState state,
    @Nullable String message,
    int attempts,
    Instant since,
    long corrections,
    @Nullable String lastCorrection,
    Map<String, Object> observed) {

  /** The same with more that was observed. */
  public ResourceStatus alsoObserving(Map<String, Object> more) {
    Map<String, Object> all = new LinkedHashMap<>(observed);
    all.putAll(more);
    return new ResourceStatus(state, message, attempts, since, corrections, lastCorrection, all);
  }
}
