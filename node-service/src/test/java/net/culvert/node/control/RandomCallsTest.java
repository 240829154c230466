package net.culvert.node.control;

import java.nio.file.Path;
import java.time.Duration;
import net.culvert.node.testing.TestSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random sequences of calls over a kernel in memory. */
class RandomCallsTest {

  private static final int CI_SEQUENCES = 5_000;
  private static final int LONG_SEQUENCES = 100_000;

  @TempDir private Path state;

  @Test
  void theNodeDoesWhatTheModelSays() {
    try (MemoryNode node = new MemoryNode(state)) {
      new Sequences(node, Duration.ofSeconds(10), 1)
          .run(TestSize.seed(RandomCallsTest.class), TestSize.cases(CI_SEQUENCES, LONG_SEQUENCES));
    }
  }
}
