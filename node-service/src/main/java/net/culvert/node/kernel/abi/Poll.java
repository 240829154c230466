package net.culvert.node.kernel.abi;

/** Waiting for descriptors. */
@Header("poll.h")
public final class Poll {

  public static final int POLLIN = 0x1;
  public static final int POLLPRI = 0x2;
  public static final int POLLOUT = 0x4;
  public static final int POLLERR = 0x8;
  public static final int POLLHUP = 0x10;
  public static final int POLLNVAL = 0x20;
  public static final int POLLRDHUP = 0x2000;

  /** One descriptor of {@code poll}. */
  @Struct("pollfd")
  public static final class Pollfd {
    public static final int SIZEOF = 8;
    public static final int FD = 0;
    public static final int EVENTS = 4;
    public static final int REVENTS = 6;

    private Pollfd() {}
  }

  private Poll() {}
}
