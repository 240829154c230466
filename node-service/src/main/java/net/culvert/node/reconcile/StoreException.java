package net.culvert.node.reconcile;

/** The store did not keep what it was given; it holds what it held before, and is tried again. */
public final class StoreException extends RuntimeException {

  /** What kept the store from it. */
  public enum Reason {
    /** No room is left. */
    FULL,
    /** It cannot be written, or failed to. */
    UNAVAILABLE
  }

  private final Reason reason;

  /**
   * @param message a sentence that names the file
   */
  public StoreException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
