package net.culvert.node.configuration;

/**
 * The node cannot start, for a reason that its administrator can remove. It is printed as its two
 * sentences, without a stack trace.
 */
public final class StartRefusedException extends RuntimeException {

  private final String remedy;

  /**
   * @param reason what is wrong, with the file or property by name
   * @param remedy what to do
   */
  public StartRefusedException(String reason, String remedy) {
    super(reason);
    this.remedy = remedy;
  }

  public String remedy() {
    return remedy;
  }
}
