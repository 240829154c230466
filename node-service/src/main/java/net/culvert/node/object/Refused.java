package net.culvert.node.object;

import net.culvert.node.kernel.sys.KernelException;
import net.culvert.node.reconcile.ObjectKey;
import net.culvert.node.reconcile.OperationException;

/** The kernel's refusals and other people's objects, in the reconciler's words. */
public final class Refused {

  private Refused() {}

  public static OperationException by(ObjectKey key, KernelException e) {
    return new OperationException(
        OperationException.Reason.REFUSED,
        key + ": " + e.getMessage(),
        e.errnoName(),
        e.call(),
        e.kernelSentence(),
        e);
  }

  public static OperationException notOurs(ObjectKey key) {
    return new OperationException(
        OperationException.Reason.NOT_OURS,
        key + " exists and is not this node's; it is left alone");
  }

  public static OperationException missing(ObjectKey key, ObjectKey needed) {
    return new OperationException(
        OperationException.Reason.REFUSED, key + " needs " + needed + ", which is not there");
  }
}
