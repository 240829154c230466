package net.culvert.node.reconcile;

import java.time.Instant;
import java.util.Map;
import net.culvert.api.resource.ResourceState;
import org.jspecify.annotations.Nullable;

/**
 * Where a resource stands.
 *
 * @param generation the change that was last settled; see {@link Slice#generation}
 * @param failure the first thing that is not as wished; null unless FAILED
 * @param attempts rounds since the last change
 * @param since when the state was entered
 * @param corrections how often drift was put back
 * @param lastCorrection the last drift; null where there was none
 * @param contest what there is to say of an object that somebody else changes each time that it is
 *     put back; null where there is none
 * @param observed what the kernel holds of it
 * @param desired what it wished when it was settled
 */
public record Standing(
    long generation,
    ResourceState state,
    @Nullable OperationException failure,
    int attempts,
    Instant since,
    long corrections,
    @Nullable Drift lastCorrection,
    @Nullable String contest,
    Map<ObjectKey, Object> observed,
    Map<ObjectKey, Object> desired) {

  /** The same while a later change waits for its round. */
  Standing pending() {
    return new Standing(
        generation,
        ResourceState.PENDING,
        null,
        0,
        since,
        corrections,
        lastCorrection,
        contest,
        observed,
        desired);
  }
}
