package net.culvert.node.reconcile;

import org.jspecify.annotations.Nullable;

/**
 * A wish that is not accepted: nothing was written and nothing touched. The message is a sentence
 * for the user.
 */
public final class WishRefusedException extends RuntimeException {

  /** Why, as the API tells it apart. */
  public enum Reason {
    /** The body breaks a rule; 400. */
    INVALID,
    /** A parent, or the resource itself, is not there; 404. */
    ABSENT,
    /** It contradicts something that exists; 409. */
    CONFLICT,
    /** The resource has another revision than the caller expects; 412. */
    STALE,
    /** What it needs is missing on this host; 503. */
    UNAVAILABLE
  }

  private final Reason reason;
  private final @Nullable String field;

  public WishRefusedException(Reason reason, @Nullable String field, String message) {
    super(message);
    this.reason = reason;
    this.field = field;
  }

  public static WishRefusedException invalid(String field, String message) {
    return new WishRefusedException(Reason.INVALID, field, message);
  }

  public static WishRefusedException absent(String message) {
    return new WishRefusedException(Reason.ABSENT, null, message);
  }

  public static WishRefusedException conflict(@Nullable String field, String message) {
    return new WishRefusedException(Reason.CONFLICT, field, message);
  }

  public Reason reason() {
    return reason;
  }

  /** The body's field that is to blame, as a path; null where there is none. */
  public @Nullable String field() {
    return field;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
