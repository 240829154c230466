package net.culvert.node.reconcile;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
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

  private static final int STRIPES = 64;

  private final DesiredTable table;
  private final StatusBoard board;
  private final Schedule schedule;
  private final long waitNanos;
  private final List<Lock> stripes =
      IntStream.range(0, STRIPES).<Lock>mapToObj(i -> new ReentrantLock()).toList();

  /**
   * @param wait how long a request waits for the kernel
   */
  public Wishes(DesiredTable table, StatusBoard board, Schedule schedule, Duration wait) {
    this.table = table;
    this.board = board;
    this.schedule = schedule;
    this.waitNanos = wait.toNanos();
  }

  /**
   * Creates or replaces a resource.
   *
   * @throws WishRefusedException if the wish is not accepted
   * @throws OperationException if the kernel refused; then a changed wish was undone
   */
  public <B> Outcome<B> put(ResourceType<B> type, String name, B body, Precondition precondition)
      throws OperationException, InterruptedException {
    ResourceId id = new ResourceId(type.name(), name);
    Lock stripe = stripe(id);
    stripe.lockInterruptibly();
    try {
      DesiredTable.Written<B> written = table.put(type, name, body, precondition);
      boolean created = written.previous() == null;
      Optional<Standing> standing = board.await(id, written.generation(), waitNanos);
      if (standing.isEmpty()) {
        return new Outcome<>(written.current(), created, true);
      }
      OperationException failure = standing.get().failure();
      if (standing.get().state() == ResourceState.FAILED && failure != null) {
        if (written.changed()) {
          awaitUndone(id, table.undo(written.current(), written.previous()));
        }
        throw failure;
      }
      return new Outcome<>(written.current(), created, false);
    } finally {
      stripe.unlock();
    }
  }

  /**
   * Deletes a resource and its children.
   *
   * @throws WishRefusedException if it is absent or in use
   * @throws OperationException if the kernel refused; then it is wished again
   */
  public void delete(ResourceType<?> type, String name, Precondition precondition)
      throws OperationException, InterruptedException {
    ResourceId id = new ResourceId(type.name(), name);
    Lock stripe = stripe(id);
    stripe.lockInterruptibly();
    try {
      DesiredTable.Deleted deleted = table.delete(id, precondition);
      OperationException failure = null;
      for (Map.Entry<ResourceId, Long> each : deleted.generations().entrySet()) {
        Optional<Standing> standing = board.await(each.getKey(), each.getValue(), waitNanos);
        if (standing.isPresent() && standing.get().failure() != null) {
          failure = standing.get().failure();
        }
      }
      if (failure != null) {
        awaitUndone(id, table.undo(deleted));
        throw failure;
      }
    } finally {
      stripe.unlock();
    }
  }

  private void awaitUndone(ResourceId id, OptionalLong generation) throws InterruptedException {
    if (generation.isPresent()) {
      board.await(id, generation.getAsLong(), waitNanos);
    }
  }

  public <B> Optional<Wish<B>> get(ResourceType<B> type, String name) {
    return table.get(type, name);
  }

  public <B> List<Wish<B>> list(ResourceType<B> type) {
    return table.list(type);
  }

  /** Where a wish stands; null before its first round. */
  public @Nullable Standing standing(ResourceId id) {
    return board.peek(id);
  }

  /** Looks at a resource soon, without a change of the wish. */
  public void lookAt(ResourceId id) {
    schedule.add(List.of(id), System.nanoTime());
  }

  private Lock stripe(ResourceId id) {
    return stripes.get(Math.floorMod(id.hashCode(), STRIPES));
  }
}
