package net.culvert.node.reconcile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import net.culvert.api.resource.ResourceState;
import org.jspecify.annotations.Nullable;

/**
 * The way from a request to the kernel and back: write the wish, wait until the kernel is so, and
 * undo it where the kernel refuses. Called on request threads; writes of one resource follow one
 * another.
 */
public final class Wishes {

  /**
   * What became of a write.
   *
   * @param created whether there was no such resource before
   * @param pending whether the wait ended first; the loop goes on
   */
  public record Outcome<B>(Wish<B> wish, boolean created, boolean pending) {}

  /** How a wait ended. */
  private enum End {
    SETTLED,
    /** The resource was deleted, and nothing is left of it. */
    GONE,
    TIMEOUT
  }

  private record Settlement(End end, @Nullable Standing standing) {
    @Nullable OperationException failure() {
      return standing == null ? null : standing.failure();
    }
  }

  private final DesiredTable table;
  private final StatusBoard board;
  private final Schedule schedule;
  private final long waitNanos;
  private final Turns turns = new Turns();

  /**
   * @param wait how long a request waits for the kernel; one that is refused waits as long again
   *     until nothing is left of it
   */
  public Wishes(DesiredTable table, StatusBoard board, Schedule schedule, Duration wait) {
    this.table = table;
    this.board = board;
    this.schedule = schedule;
    this.waitNanos = wait.toNanos();
  }

  /**
   * Creates or replaces a resource. The same body again touches nothing, except that a resource
   * which FAILED is tried at once.
   *
   * @param body as it was given: what it leaves out is filled in while nobody else writes this
   *     resource, so that two who leave out a key are told of one key
   * @throws WishRefusedException if the wish is not accepted
   * @throws OperationException if the kernel refused; then a changed wish was undone
   */
  public <B> Outcome<B> put(ResourceType<B> type, String name, B body, Precondition precondition)
      throws OperationException, InterruptedException {
    ResourceId id = new ResourceId(type.name(), name);
    long deadline = take(id);
    try {
      B stored = get(type, name).map(Wish::body).orElse(null);
      B complete = type.complete(name, body, stored);
      DesiredTable.Written<B> written = table.put(type, name, complete, precondition);
      try {
        return outcome(id, written, deadline);
      } finally {
        table.accept(written);
      }
    } finally {
      turns.leave(id);
    }
  }

  private <B> Outcome<B> outcome(ResourceId id, DesiredTable.Written<B> written, long deadline)
      throws OperationException, InterruptedException {
    long generation = written.generation();
    Standing before = board.peek(id);
    if (!written.changed() && before != null && before.state() == ResourceState.FAILED) {
      generation = table.touch(id).orElse(generation);
    }
    Settlement settlement = await(id, generation, deadline, false);
    if (settlement.end() == End.GONE) {
      throw WishRefusedException.absent(id + " was deleted together with what it belongs to");
    }
    OperationException failure = settlement.failure();
    if (failure != null) {
      undo(failure, () -> table.undo(written));
      throw failure;
    }
    boolean created = written.changed() && written.previous() == null;
    return new Outcome<>(written.current(), created, settlement.end() == End.TIMEOUT);
  }

  /**
   * Deletes a resource and its children.
   *
   * @return whether all is gone; false where the wait ended first, and the loop goes on
   * @throws WishRefusedException if it is absent or in use
   * @throws OperationException if the kernel refused; then it is wished again
   */
  public boolean delete(ResourceType<?> type, String name, Precondition precondition)
      throws OperationException, InterruptedException {
    ResourceId id = new ResourceId(type.name(), name);
    long deadline = take(id);
    try {
      DesiredTable.Deleted deleted = table.delete(id, precondition);
      try {
        return awaitGone(deleted, deadline);
      } finally {
        table.accept(deleted);
      }
    } finally {
      turns.leave(id);
    }
  }

  /**
   * Writes and deletes as one.
   *
   * @return whether the kernel is so; false where the wait ended first, and the loop goes on
   * @param precondition on the revision of the whole
   * @throws BatchRefusedException if any part is not accepted
   * @throws WishRefusedException if the precondition does not hold
   * @throws OperationException if the kernel refused any; then all of it was undone
   */
  public boolean apply(Batch batch, Precondition precondition)
      throws OperationException, InterruptedException {
    Set<ResourceId> ids = new TreeSet<>(batch.deletions());
    batch.puts().forEach(put -> ids.add(put.id()));
    List<ResourceId> taken = new ArrayList<>();
    try {
      long deadline = System.nanoTime() + waitNanos;
      // In one order for all, so that two of them never wait for each other.
      for (ResourceId id : ids) {
        deadline = take(id);
        taken.add(id);
      }
      Applied applied = table.apply(batch, precondition);
      try {
        return awaitAll(applied, deadline);
      } finally {
        table.accept(applied);
      }
    } finally {
      taken.forEach(turns::leave);
    }
  }

  /** As the other, whatever the revision is. */
  public boolean apply(Batch batch) throws OperationException, InterruptedException {
    return apply(batch, Precondition.NONE);
  }

  private boolean awaitAll(Applied applied, long deadline)
      throws OperationException, InterruptedException {
    boolean done = true;
    for (Map.Entry<ResourceId, Long> each : applied.generations().entrySet()) {
      Settlement settlement = await(each.getKey(), each.getValue(), deadline, false);
      OperationException failure = settlement.failure();
      if (failure != null) {
        OperationException cause = cause(failure, applied.generations());
        undo(cause, () -> table.undo(applied));
        throw cause;
      }
      done &= settlement.end() != End.TIMEOUT;
    }
    return done;
  }

  /**
   * Of those that failed in one pass: what the kernel refused itself, and not what was only missing
   * because of that.
   */
  private OperationException cause(OperationException first, Map<ResourceId, Long> generations) {
    if (first.errno() != null) {
      return first;
    }
    for (Map.Entry<ResourceId, Long> each : generations.entrySet()) {
      Standing standing = board.peek(each.getKey());
      OperationException failure =
          standing == null || standing.generation() < each.getValue() ? null : standing.failure();
      if (failure != null && failure.errno() != null) {
        return failure;
      }
    }
    return first;
  }

  private boolean awaitGone(DesiredTable.Deleted deleted, long deadline)
      throws OperationException, InterruptedException {
    boolean gone = true;
    for (Map.Entry<ResourceId, Long> each : deleted.generations().entrySet()) {
      Settlement settlement = await(each.getKey(), each.getValue(), deadline, false);
      OperationException failure = settlement.failure();
      if (failure != null) {
        undo(failure, () -> table.undo(deleted));
        throw failure;
      }
      gone &= settlement.end() == End.GONE;
    }
    return gone;
  }

  /** Something that the table takes back, giving the generations to wait for. */
  @FunctionalInterface
  private interface Undo {
    Map<ResourceId, Long> run();
  }

  private void undo(OperationException failure, Undo undo) throws InterruptedException {
    Map<ResourceId, Long> generations;
    try {
      generations = undo.run();
    } catch (StoreException e) {
      // The store still has the refused wish, and so has the table: it stays, as FAILED.
      failure.addSuppressed(e);
      return;
    }
    long deadline = System.nanoTime() + waitNanos;
    for (Map.Entry<ResourceId, Long> each : generations.entrySet()) {
      await(each.getKey(), each.getValue(), deadline, true);
    }
  }

  /**
   * Waits until a change, or a later one, is settled.
   *
   * @param untilApplied whether a failure is no end, since the loop tries again
   */
  private Settlement await(ResourceId id, long generation, long deadline, boolean untilApplied)
      throws InterruptedException {
    while (true) {
      long edition = board.edition();
      if (table.generation(id).isEmpty() && !table.mourns(id, generation)) {
        return new Settlement(End.GONE, null);
      }
      Standing standing = board.peek(id);
      if (standing != null
          && standing.generation() >= generation
          && !(untilApplied && standing.state() == ResourceState.FAILED)) {
        return new Settlement(End.SETTLED, standing);
      }
      if (!board.awaitNews(edition, deadline)) {
        return new Settlement(End.TIMEOUT, null);
      }
    }
  }

  private long take(ResourceId id) throws InterruptedException {
    long deadline = System.nanoTime() + waitNanos;
    if (!turns.take(id, deadline)) {
      throw WishRefusedException.conflict(null, "another change of " + id + " is under way");
    }
    return deadline;
  }

  public <B> Optional<Wish<B>> get(ResourceType<B> type, String name) {
    return table.get(type, name);
  }

  public <B> List<Wish<B>> list(ResourceType<B> type) {
    return table.list(type);
  }

  /** Everything that is wished at one moment. */
  public DesiredTable.Whole whole() {
    return table.whole();
  }

  /** Where a wish stands: PENDING after a change until it is settled; null before its first. */
  public @Nullable Standing standing(ResourceId id) {
    Standing standing = board.peek(id);
    if (standing == null) {
      return null;
    }
    long generation = table.generation(id).orElse(standing.generation());
    return standing.generation() < generation ? standing.pending() : standing;
  }

  /** What may keep a resource from working although the kernel is as wished, in sentences. */
  public List<String> warnings(ResourceId id) {
    return board.warnings(id);
  }

  /** Looks at a resource soon, without a change of the wish. */
  public void lookAt(ResourceId id) {
    schedule.add(List.of(id), System.nanoTime());
  }
}
