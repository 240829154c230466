package net.culvert.node.uapi;

/** A request that is not carried out. The message is for the log; the tool gets the number. */
public final class UapiException extends Exception {

  private static final long serialVersionUID = 1L;

  private final int errno;

  /**
   * @param errno positive, of {@link net.culvert.node.kernel.abi.Errno}
   * @param message repeats no secret
   */
  public UapiException(int errno, String message) {
    super(message);
    this.errno = errno;
  }

  public int errno() {
    return errno;
  }
}
