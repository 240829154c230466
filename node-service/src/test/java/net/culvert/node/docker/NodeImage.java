package net.culvert.node.docker;

import java.time.Duration;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The image, built from {@code deploy/Dockerfile} with the jar of this build, once a test run. It
 * is removed at the end of the run unless there was one before.
 */
final class NodeImage implements BeforeAllCallback {

  static final String NAME = "culvert-node:local";

  private static final Duration BUILD = Duration.ofMinutes(5);

  @Override
  public void beforeAll(ExtensionContext context) {
    context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(NodeImage.class))
        .computeIfAbsent(NAME, any -> new Built());
  }

  private static final class Built implements AutoCloseable {

    private final boolean wasThere;

    Built() {
      wasThere = !Docker.lines("image", "ls", "--quiet", NAME).isEmpty();
      String dockerfile = Docker.TOP.resolve("deploy/Dockerfile").toString();
      Docker.run(
          BUILD,
          "build",
          "--progress",
          "plain",
          "-f",
          dockerfile,
          "-t",
          NAME,
          Docker.TOP.toString());
    }

    @Override
    public void close() {
      if (!wasThere) {
        Docker.run("image", "rm", NAME);
      }
    }
  }
}
