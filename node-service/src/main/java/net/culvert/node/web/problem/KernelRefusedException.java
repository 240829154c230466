package net.culvert.node.web.problem;

import java.util.Map;
import net.culvert.api.problem.Problem;
import net.culvert.api.problem.ProblemType;
import org.jspecify.annotations.Nullable;

/**
 * The kernel refused a call. Its errno decides whose fault that is: 503 where it lacks the feature
 * or the node the privilege, 409 where something else is in the way, 500 where neither is known.
 */
public final class KernelRefusedException extends RequestRefusedException {

  private static final int CONFLICT = 409;
  private static final int UNAVAILABLE = 503;
  private static final int INTERNAL = 500;

  /** By errno(3) name; each status with what the sender can do about it in mind. */
  private static final Map<String, Integer> STATUS =
      Map.ofEntries(
          Map.entry("EPERM", UNAVAILABLE),
          Map.entry("EACCES", UNAVAILABLE),
          Map.entry("EROFS", UNAVAILABLE),
          Map.entry("ENOSYS", UNAVAILABLE),
          Map.entry("ENOTTY", UNAVAILABLE),
          Map.entry("EOPNOTSUPP", UNAVAILABLE),
          Map.entry("EPROTONOSUPPORT", UNAVAILABLE),
          Map.entry("EAFNOSUPPORT", UNAVAILABLE),
          Map.entry("ENODEV", UNAVAILABLE),
          Map.entry("ENOMEM", UNAVAILABLE),
          Map.entry("ENOBUFS", UNAVAILABLE),
          Map.entry("ENOSPC", UNAVAILABLE),
          Map.entry("EMFILE", UNAVAILABLE),
          Map.entry("ENFILE", UNAVAILABLE),
          Map.entry("EAGAIN", UNAVAILABLE),
          Map.entry("EEXIST", CONFLICT),
          Map.entry("EBUSY", CONFLICT),
          Map.entry("ENOTEMPTY", CONFLICT),
          Map.entry("EADDRINUSE", CONFLICT),
          Map.entry("EADDRNOTAVAIL", CONFLICT),
          Map.entry("ENETUNREACH", CONFLICT),
          Map.entry("EHOSTUNREACH", CONFLICT),
          Map.entry("ENETDOWN", CONFLICT),
          Map.entry("EINVAL", CONFLICT),
          Map.entry("ERANGE", CONFLICT),
          Map.entry("ELOOP", CONFLICT));

  private final @Nullable String call;
  private final @Nullable String errno;
  private final @Nullable String sentence;

  /**
   * A refusal in the kernel's own words.
   *
   * @param object what the call was about, such as {@code link veth1}
   * @param call the system call or netlink request, such as {@code RTM_NEWLINK}
   * @param errno by name, such as {@code EEXIST}
   * @param sentence netlink's extended acknowledgement, where there was one
   */
  public KernelRefusedException(
      String object, String call, String errno, @Nullable String sentence) {
    super(
        type(errno),
        object + ": " + call + " failed with " + errno + (sentence == null ? "" : ": " + sentence));
    this.call = call;
    this.errno = errno;
    this.sentence = sentence;
  }

  /**
   * The same with a sentence that is already made.
   *
   * @param errno null where the failure has none
   */
  KernelRefusedException(
      ProblemType type,
      String detail,
      @Nullable String call,
      @Nullable String errno,
      @Nullable String sentence) {
    super(type, detail);
    this.call = call;
    this.errno = errno;
    this.sentence = sentence;
  }

  static ProblemType type(String errno) {
    return switch (status(errno)) {
      case UNAVAILABLE -> ProblemType.UNAVAILABLE;
      case CONFLICT -> ProblemType.CONFLICT;
      default -> ProblemType.REFUSED;
    };
  }

  /** The HTTP status for a kernel's errno by name. */
  static int status(String errno) {
    return STATUS.getOrDefault(errno, INTERNAL);
  }

  @Override
  public Problem problem() {
    return new Problem(
        type().urn(), type().title(), type().status(), detail(), null, null, errno, call, sentence);
  }
}
