package net.culvert.node.object;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.abi.LinuxCapability;
import net.culvert.node.kernel.capability.Capabilities;
import net.culvert.node.kernel.sys.KernelException;
import net.culvert.node.reconcile.ObjectKey;
import net.culvert.node.reconcile.OperationException;

/** The kernel's refusals and other people's objects, in the reconciler's words. */
public final class Refused {

  private static final String TUN = "/dev/net/tun";

  private static final Set<Integer> MISSING_DEVICE =
      Set.of(Errno.ENOENT, Errno.ENXIO, Errno.ENODEV, Errno.EPERM, Errno.EACCES);

  private Refused() {}

  /** A refusal; where a privilege or a device is missing, the message names it. */
  public static OperationException by(ObjectKey key, KernelException e) {
    Optional<String> missing = missing(e);
    return new OperationException(
        missing.isPresent()
            ? OperationException.Reason.UNAVAILABLE
            : OperationException.Reason.REFUSED,
        key + ": " + e.getMessage() + missing.map(what -> "; " + what).orElse(""),
        e.errnoName(),
        e.call(),
        e.kernelSentence(),
        e);
  }

  private static Optional<String> missing(KernelException e) {
    if (e.object().equals(TUN) && MISSING_DEVICE.contains(e.errno())) {
      return Optional.of(TUN + " is missing, so tunnels cannot be made");
    }
    if (e.errno() != Errno.EPERM && e.errno() != Errno.EACCES) {
      return Optional.empty();
    }
    List<String> lacking =
        Capabilities.effective()
            .missing(
                List.of(
                    LinuxCapability.CAP_NET_ADMIN,
                    LinuxCapability.CAP_SYS_ADMIN,
                    LinuxCapability.CAP_NET_RAW));
    return lacking.isEmpty()
        ? Optional.empty()
        : Optional.of("the node lacks " + String.join(", ", lacking));
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
