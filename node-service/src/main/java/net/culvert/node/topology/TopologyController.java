package net.culvert.node.topology;

import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import net.culvert.api.topology.PlanStep;
import net.culvert.api.topology.Topology;
import net.culvert.api.topology.TopologyApi;
import net.culvert.api.topology.TopologyPatch;
import net.culvert.api.topology.TopologyPlan;
import net.culvert.node.reconcile.BatchRefusedException;
import net.culvert.node.reconcile.DesiredTable.Whole;
import net.culvert.node.reconcile.OperationException;
import net.culvert.node.reconcile.PlannedStep;
import net.culvert.node.reconcile.Plans;
import net.culvert.node.reconcile.Precondition;
import net.culvert.node.reconcile.Step;
import net.culvert.node.reconcile.WishRefusedException;
import net.culvert.node.reconcile.Wishes;
import net.culvert.node.topology.TopologyDocuments.Asked;
import net.culvert.node.web.BodyReader;
import net.culvert.node.web.Preconditions;
import net.culvert.node.web.problem.ConflictException;
import net.culvert.node.web.problem.Refusals;
import net.culvert.node.web.problem.UnavailableException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

@RestController
class TopologyController implements TopologyApi {

  private static final Topology EMPTY = new Topology(null, null, null, null, null, null);

  /** A patch is of the document as it is when it is taken; other writers may come in between. */
  private static final int MAX_PATCH_ATTEMPTS = 8;

  private final Wishes wishes;
  private final Plans plans;
  private final TopologyDocuments documents;
  private final BodyReader bodies;

  TopologyController(Wishes wishes, Plans plans, TopologyDocuments documents, BodyReader bodies) {
    this.wishes = wishes;
    this.plans = plans;
    this.documents = documents;
    this.bodies = bodies;
  }

  @Override
  public ResponseEntity<Topology> get(boolean secrets) {
    return answer(HttpStatus.OK, secrets);
  }

  @Override
  public ResponseEntity<Topology> put(@Nullable String ifMatch, Topology body) {
    boolean done = apply(body, wishes.whole(), given());
    return answer(done ? HttpStatus.OK : HttpStatus.ACCEPTED, false);
  }

  @Override
  public ResponseEntity<Topology> patch(@Nullable String ifMatch, TopologyPatch body) {
    Preconditions conditions = Preconditions.ofCurrentRequest();
    for (int attempt = 0; attempt < MAX_PATCH_ATTEMPTS; attempt++) {
      Whole whole = wishes.whole();
      conditions.check(OptionalLong.of(whole.revision()));
      JsonNode patched = MergePatch.apply(documents.tree(documents.of(whole, false)), body.patch());
      Topology wished = bodies.bind(patched, Topology.class);
      try {
        boolean done = apply(wished, whole, now -> now.getAsLong() == whole.revision());
        return answer(done ? HttpStatus.OK : HttpStatus.ACCEPTED, false);
      } catch (WishRefusedException e) {
        if (e.reason() != WishRefusedException.Reason.STALE) {
          throw e;
        }
        // Somebody wrote in between: the patch is one of what they made.
      }
    }
    throw new ConflictException("What is wished changes too fast for a patch of it; try again.");
  }

  @Override
  public ResponseEntity<Void> delete(@Nullable String ifMatch) {
    boolean done = apply(EMPTY, wishes.whole(), given());
    return ResponseEntity.status(done ? HttpStatus.NO_CONTENT : HttpStatus.ACCEPTED).build();
  }

  @Override
  public TopologyPlan plan(Topology body) {
    Asked asked = documents.read(body, wishes.whole());
    try {
      return new TopologyPlan(
          plans.plan(asked.batch()).stream().map(TopologyController::view).toList());
    } catch (BatchRefusedException e) {
      throw asked.refused(e);
    } catch (OperationException e) {
      throw Refusals.of(e);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private static PlanStep view(PlannedStep planned) {
    Step step = planned.step();
    String action = step.action() == Step.Action.REPLACE ? "change" : name(step.action());
    return new PlanStep(
        planned.resource() == null ? null : planned.resource().toString(),
        step.key().toString(),
        action,
        planned.description().words(),
        List.copyOf(planned.description().commands()));
  }

  private static String name(Step.Action action) {
    return action.name().toLowerCase(Locale.ROOT);
  }

  /** The conditions that the request carries, to be checked under the table's lock. */
  private static Precondition given() {
    Preconditions conditions = Preconditions.ofCurrentRequest();
    return revision -> {
      conditions.check(revision);
      return true;
    };
  }

  private ResponseEntity<Topology> answer(HttpStatus status, boolean secrets) {
    Whole whole = wishes.whole();
    return ResponseEntity.status(status)
        .eTag(Preconditions.etag(whole.revision()))
        // The same revision has other bytes in YAML.
        .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
        .body(documents.of(whole, secrets));
  }

  /** False where the wait ended first. */
  private boolean apply(Topology body, Whole whole, Precondition precondition) {
    Asked asked = documents.read(body, whole);
    try {
      return wishes.apply(asked.batch(), precondition);
    } catch (BatchRefusedException e) {
      throw asked.refused(e);
    } catch (OperationException e) {
      throw Refusals.of(e);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private static UnavailableException interrupted() {
    Thread.currentThread().interrupt();
    return new UnavailableException("The node is stopping.");
  }
}
