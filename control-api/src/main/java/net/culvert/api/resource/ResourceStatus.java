package net.culvert.api.resource;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
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
 * @param lastCorrectionAt when that was
 * @param warnings what may keep it from working although the kernel is as wished, such as another
 *     program that changes the same things, or a firewall; each a sentence, with what would help
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
    @Nullable Instant lastCorrectionAt,
    List<String> warnings,
    Map<String, Object> observed) {

  @SuppressWarnings("NullAway") // A node of an earlier version sends no warnings.
  public ResourceStatus {
    warnings = warnings == null ? List.of() : List.copyOf(warnings);
  }

  /** One that nothing was put back of and that nothing is in the way of. */
  public ResourceStatus(
      ResourceState state,
      @Nullable String message,
      int attempts,
      Instant since,
      Map<String, Object> observed) {
    this(state, message, attempts, since, 0, null, null, List.of(), observed);
  }

  /** The same with more that was observed. */
  public ResourceStatus alsoObserving(Map<String, Object> more) {
    Map<String, Object> all = new LinkedHashMap<>(observed);
    all.putAll(more);
    return new ResourceStatus(
        state,
        message,
        attempts,
        since,
        corrections,
        lastCorrection,
        lastCorrectionAt,
        warnings,
        all);
  }
}
