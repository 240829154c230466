package net.culvert.node.kernel.abi;

/** Ioctls of namespace files. */
@Header({"sys/ioctl.h", "linux/nsfs.h"})
public final class Nsfs {

  /** Answers the CLONE_NEW flag of the namespace; ENOTTY on any other file. */
  public static final int NS_GET_NSTYPE = 0xb703;

  private Nsfs() {}
}
