package net.culvert.node.web.resource;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.culvert.api.resource.ItemList;
import net.culvert.api.resource.ResourceState;
import net.culvert.api.resource.ResourceStatus;
import net.culvert.node.reconcile.Drift;
import net.culvert.node.reconcile.OperationException;
import net.culvert.node.reconcile.Precondition;
import net.culvert.node.reconcile.ResourceId;
import net.culvert.node.reconcile.ResourceType;
import net.culvert.node.reconcile.Standing;
import net.culvert.node.reconcile.Wish;
import net.culvert.node.reconcile.Wishes;
import net.culvert.node.web.Answers;
import net.culvert.node.web.Preconditions;
import net.culvert.node.web.problem.AbsentException;
import net.culvert.node.web.problem.Refusals;
import net.culvert.node.web.problem.UnavailableException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;

/**
 * Create, read, list and delete of one resource type. Called on request threads.
 *
 * @param <B> the body, with defaults filled in
 * @param <V> the answer
 */
public final class ResourceEndpoint<B, V> {

  /** Makes an answer of a wish and its status. */
  @FunctionalInterface
  public interface View<B, V> {
    V of(Wish<B> wish, ResourceStatus status);
  }

  private final Wishes wishes;
  private final ResourceType<B> type;
  private final View<B, V> view;

  public ResourceEndpoint(Wishes wishes, ResourceType<B> type, View<B, V> view) {
    this.wishes = wishes;
    this.type = type;
    this.view = view;
  }

  /** 201 or 200 once the kernel is so, 202 past the wait. */
  public ResponseEntity<V> put(String name, B body) {
    try {
      Wishes.Outcome<B> outcome = wishes.put(type, name, body, precondition());
      V answer = answer(outcome.wish());
      long revision = outcome.wish().revision();
      if (outcome.pending()) {
        return Answers.accepted(answer, revision);
      }
      return outcome.created() ? Answers.created(answer, revision) : Answers.ok(answer, revision);
    } catch (OperationException e) {
      throw Refusals.of(e);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  public ResponseEntity<V> get(String name) {
    Wish<B> wish =
        wishes.get(type, name).orElseThrow(() -> new AbsentException("there is no " + id(name)));
    return Answers.ok(answer(wish), wish.revision());
  }

  public ItemList<V> list() {
    return new ItemList<>(wishes.list(type).stream().map(this::answer).toList());
  }

  /** Those whose name begins so; for resources below another. */
  public ItemList<V> list(String prefix) {
    List<Wish<B>> below =
        wishes.list(type).stream().filter(wish -> wish.id().name().startsWith(prefix)).toList();
    return new ItemList<>(below.stream().map(this::answer).toList());
  }

  /** 204 once the kernel is so, 202 past the wait. */
  public ResponseEntity<Void> delete(String name) {
    try {
      boolean gone = wishes.delete(type, name, precondition());
      return gone ? ResponseEntity.noContent().build() : ResponseEntity.accepted().build();
    } catch (OperationException e) {
      throw Refusals.of(e);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private static Precondition precondition() {
    Preconditions conditions = Preconditions.ofCurrentRequest();
    return revision -> {
      conditions.check(revision);
      return true;
    };
  }

  private static UnavailableException interrupted() {
    Thread.currentThread().interrupt();
    return new UnavailableException("The node is stopping.");
  }

  private V answer(Wish<B> wish) {
    return view.of(wish, status(wish.id(), wishes.standing(wish.id())));
  }

  private ResourceStatus status(ResourceId id, @Nullable Standing standing) {
    if (standing == null) {
      return new ResourceStatus(ResourceState.PENDING, null, 0, Instant.now(), Map.of());
    }
    Drift last = standing.lastCorrection();
    OperationException failure = standing.failure();
    return new ResourceStatus(
        standing.state(),
        failure == null ? null : failure.getMessage(),
        standing.attempts(),
        standing.since(),
        standing.corrections(),
        last == null ? null : last.what(),
        last == null ? null : last.when(),
        wishes.warnings(id),
        type.describe(standing.observed()));
  }

  private ResourceId id(String name) {
    return new ResourceId(type.name(), name);
  }
}
