package net.culvert.node.topology;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import net.culvert.api.problem.FieldError;
import net.culvert.api.topology.Topology;
import net.culvert.node.configuration.StartRefusedException;
import net.culvert.node.reconcile.Batch;
import net.culvert.node.reconcile.BatchRefusedException;
import net.culvert.node.reconcile.DesiredStore;
import net.culvert.node.reconcile.DesiredTable;
import net.culvert.node.reconcile.StoreException;
import net.culvert.node.topology.TopologyDocuments.Asked;
import net.culvert.node.web.BodyReader;
import net.culvert.node.web.problem.RequestRefusedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a topology from a file before the reconciler turns: what is in it is wished from then on,
 * and the kernel follows as after any write. A file that cannot be taken whole refuses the start;
 * what the kernel refuses later is a resource that FAILED, as everywhere.
 */
public final class Bootstrap {

  private static final Logger LOG = LoggerFactory.getLogger(Bootstrap.class);

  private final @Nullable Path file;
  private final boolean always;
  private final int maxBytes;
  private final BodyReader bodies;
  private final TopologyDocuments documents;
  private final DesiredTable table;
  private final DesiredStore store;

  /**
   * @param file null for none
   * @param always whether it is taken although one was taken before
   */
  Bootstrap(
      @Nullable Path file,
      boolean always,
      int maxBytes,
      BodyReader bodies,
      TopologyDocuments documents,
      DesiredTable table,
      DesiredStore store) {
    this.file = file;
    this.always = always;
    this.maxBytes = maxBytes;
    this.bodies = bodies;
    this.documents = documents;
    this.table = table;
    this.store = store;
  }

  /**
   * Once, after the table is restored.
   *
   * @throws StartRefusedException with every mistake of the file
   */
  public void run() {
    Path given = file;
    if (given == null) {
      return;
    }
    if (!always && store.isBootstrapped()) {
      LOG.info("{} was taken before, and is not taken again", given);
      return;
    }
    Topology document = read(given);
    try {
      Asked asked = documents.read(document, table.whole());
      take(given, asked);
    } catch (RequestRefusedException e) {
      throw refused(given, e);
    } catch (StoreException e) {
      throw new StartRefusedException(
          given + " cannot be taken: " + e.getMessage() + ".", "Make room, and start again.");
    }
  }

  private void take(Path given, Asked asked) {
    Batch batch = asked.batch();
    try {
      // Nobody waits for it who could undo it: it stands.
      table.accept(table.apply(batch));
    } catch (BatchRefusedException e) {
      throw asked.refused(e);
    }
    if (!store.isBootstrapped()) {
      store.bootstrapped();
    }
    LOG.info(
        "{} is what is wished: {} resources; {} others were deleted",
        given,
        batch.puts().size(),
        batch.deletions().size());
  }

  private Topology read(Path given) {
    byte[] text;
    try (InputStream stream = Files.newInputStream(given)) {
      text = stream.readNBytes(maxBytes + 1);
    } catch (NoSuchFileException e) {
      throw unreadable(given, "there is no such file");
    } catch (AccessDeniedException e) {
      throw unreadable(given, "permission denied");
    } catch (IOException e) {
      throw unreadable(given, String.valueOf(e.getMessage()));
    }
    if (text.length > maxBytes) {
      throw unreadable(given, "it has more than " + maxBytes + " bytes");
    }
    try {
      return given.toString().endsWith(".json")
          ? bodies.read(text, Topology.class)
          : bodies.readYaml(text, Topology.class);
    } catch (RequestRefusedException e) {
      throw refused(given, e);
    }
  }

  private static StartRefusedException unreadable(Path given, String reason) {
    return new StartRefusedException(
        "The topology " + given + " cannot be read: " + reason + ".",
        "Repair it, or start without culvert.bootstrap.topology.");
  }

  private static StartRefusedException refused(Path given, RequestRefusedException e) {
    List<FieldError> errors = e.errors();
    String mistakes =
        errors == null || errors.isEmpty()
            ? "  - " + e.getMessage()
            : errors.stream()
                .map(error -> "  - " + error.field() + ": " + error.message())
                .collect(Collectors.joining("\n"));
    return new StartRefusedException(
        "The topology " + given + " cannot be taken:\n" + mistakes,
        "Correct it and start again, or start without culvert.bootstrap.topology.");
  }
}
