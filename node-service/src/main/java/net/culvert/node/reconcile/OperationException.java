package net.culvert.node.reconcile;

import org.jspecify.annotations.Nullable;

/**
 * An operation on one object could not be done. The message is a sentence that names the object.
 */
public final class OperationException extends Exception {

  /** Who or what is in the way. */
  public enum Reason {
    /** An object of that name exists and is not this node's. */
    NOT_OURS,
    /** Something that exists, ours or not, makes it impossible. */
    CONFLICT,
    /** The kernel refused. */
    REFUSED,
    /** The kernel lacks the feature or the node the privilege; the message says what is missing. */
    UNAVAILABLE
  }

  private final Reason reason;
  private final @Nullable String errno;
  private final @Nullable String call;
  private final @Nullable String sentence;

  public OperationException(
      Reason reason,
      String message,
      @Nullable String errno,
      @Nullable String call,
      @Nullable String sentence,
      @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.errno = errno;
    this.call = call;
    this.sentence = sentence;
  }

  public OperationException(Reason reason, String message) {
    this(reason, message, null, null, null, null);
  }

  public Reason reason() {
    return reason;
  }

  /** The kernel's error by name, such as {@code EEXIST}. */
  public @Nullable String errno() {
    return errno;
  }

  /** The system call or netlink request. */
  public @Nullable String call() {
    return call;
  }

  /** The kernel's own words, where it had any. */
  public @Nullable String sentence() {
    return sentence;
  }

  /** Never null: every one is made with a message. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
