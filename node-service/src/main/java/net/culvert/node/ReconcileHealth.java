package net.culvert.node;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.culvert.node.health.ReconcileHealthSource;
import net.culvert.node.reconcile.OperationException;
import net.culvert.node.reconcile.StatusBoard;

/** What health tells of the reconciler, from its board. */
final class ReconcileHealth implements ReconcileHealthSource {

  private final StatusBoard board;

  ReconcileHealth(StatusBoard board) {
    this.board = board;
  }

  @Override
  public List<FailedResource> failedResources() {
    return board.failed().entrySet().stream()
        .map(failed -> {
          OperationException failure = failed.getValue().failure();
          return new FailedResource(
              failed.getKey().toString(),
              failure == null ? "" : failure.getMessage(),
              failed.getValue().attempts(),
              failed.getValue().since());
        })
        .toList();
  }

  @Override
  public Map<String, String> contested() {
    Map<String, String> contested = new TreeMap<>();
    board
        .contested()
        .forEach((id, standing) -> {
          if (standing.contest() != null) {
            contested.put(id.toString(), standing.contest());
          }
        });
    return contested;
  }

  @Override
  public FullLooks fullLooks() {
    StatusBoard.FullLooks looks = board.fullLooks();
    return new FullLooks(looks.count(), looks.lastNanos());
  }
}
