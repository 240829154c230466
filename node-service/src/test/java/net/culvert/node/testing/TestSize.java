package net.culvert.node.testing;

/**
 * The sizes of heavy tests: CI's, that of {@code deploy/verify --long}, and a developer's, who
 * waits for them.
 */
public final class TestSize {

  private TestSize() {}

  /** Whether this is the long run. */
  public static boolean isLong() {
    return Boolean.getBoolean("culvert.long");
  }

  /**
   * How many random cases to try; {@code -Dculvert.test.cases} overrides all.
   *
   * @param usual with {@code CI=true}; a tenth elsewhere
   * @param full in the long run
   */
  public static int cases(int usual, int full) {
    int ordinary = "true".equals(System.getenv("CI")) ? usual : usual / 10;
    return Integer.getInteger("culvert.test.cases", isLong() ? full : ordinary);
  }

  /** The seed of a test's random cases, printed so that a failure can be seen again. */
  public static long seed(Class<?> test) {
    long seed = Long.getLong("culvert.test.seed", System.nanoTime());
    System.out.println(test.getSimpleName() + " seed " + seed);
    return seed;
  }
}
