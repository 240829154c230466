package net.culvert.node.kernel.abi;

/** Flags of {@code eventfd}. */
@Header("sys/eventfd.h")
public final class EventFdFlags {

  public static final int EFD_SEMAPHORE = 0x1;
  public static final int EFD_CLOEXEC = 0x80000;
  public static final int EFD_NONBLOCK = 0x800;

  private EventFdFlags() {}
}
