package net.culvert.node.kernel.netlink;

/** Bytes that are no netlink message: a length that does not fit, or an attribute too short. */
public final class MalformedMessageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  MalformedMessageException(String message) {
    super(message);
  }
}
