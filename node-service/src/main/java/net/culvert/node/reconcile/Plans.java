package net.culvert.node.reconcile;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Tells what a batch would do to the kernel as it is, and does nothing. Called on request threads;
 * the kernel is looked at on the reconciler's.
 */
public final class Plans {

  private final DesiredTable table;
  private final Reconciler reconciler;
  private final Schedule schedule;
  private final long waitNanos;

  /**
   * @param wait how long a request waits for its look at the kernel
   */
  public Plans(DesiredTable table, Reconciler reconciler, Schedule schedule, Duration wait) {
    this.table = table;
    this.reconciler = reconciler;
    this.schedule = schedule;
    this.waitNanos = wait.toNanos();
  }

  /**
   * The steps in the order in which they would be done; none where the kernel is so already.
   *
   * @throws BatchRefusedException if any part is not accepted, as by {@link Wishes#apply}
   * @throws OperationException if the kernel cannot be looked at, or not in time
   */
  public List<PlannedStep> plan(Batch batch) throws OperationException, InterruptedException {
    Preview preview = table.preview(batch);
    CompletableFuture<Map<ObjectKey, Object>> look = new CompletableFuture<>();
    boolean asked =
        schedule.ask(() -> {
          try {
            look.complete(reconciler.look(preview.slices(), preview.whole()));
          } catch (OperationException | RuntimeException e) {
            look.completeExceptionally(e);
          }
        });
    if (!asked) {
      throw unavailable("too many plans are being made at a time");
    }
    try {
      return reconciler.foresee(preview, look.get(waitNanos, TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      throw unavailable("the reconciler has other work, and did not look at the kernel in time");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof OperationException refusal) {
        throw refusal;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private static OperationException unavailable(String words) {
    return new OperationException(OperationException.Reason.UNAVAILABLE, words);
  }
}
