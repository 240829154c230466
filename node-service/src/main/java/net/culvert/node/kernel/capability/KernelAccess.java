package net.culvert.node.kernel.capability;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.culvert.node.kernel.abi.Fcntl;
import net.culvert.node.kernel.abi.LinuxCapability;
import net.culvert.node.kernel.sys.FileDescriptor;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.sys.SystemCallException;

/** What of the kernel is out of reach, and what will not work for it. Any platform thread. */
public final class KernelAccess {

  static final String TUN = "/dev/net/tun";

  /** Of the namespace that the process runs in; opened and not written. */
  static final String SYSCTL = "/proc/sys/net/ipv4/ip_forward";

  /**
   * Something out of reach.
   *
   * @param what a capability or a path
   * @param reason such as {@code open /dev/net/tun: ENOENT (No such file or directory)}
   * @param consequence what will not work, as a sentence
   */
  public record Missing(String what, String reason, String consequence) {}

  private final Syscalls syscalls;

  public KernelAccess(Syscalls syscalls) {
    this.syscalls = syscalls;
  }

  /** What is missing now, or nothing. */
  public List<Missing> missing() {
    Capabilities held = Capabilities.effective();
    List<Missing> missing = new ArrayList<>();
    capability(
        missing,
        held,
        LinuxCapability.CAP_NET_ADMIN,
        "Nothing can be made: no links, addresses, routes or tunnels.");
    capability(
        missing,
        held,
        LinuxCapability.CAP_SYS_ADMIN,
        "Namespaces can be neither made nor entered.");
    capability(missing, held, LinuxCapability.CAP_NET_RAW, "Pings cannot be sent.");
    path(missing, TUN, Fcntl.O_RDWR, "Tunnels cannot be made.");
    path(missing, SYSCTL, Fcntl.O_WRONLY, "Proxy NDP and IPv6 forwarding cannot be switched.");
    return missing;
  }

  private static void capability(
      List<Missing> missing, Capabilities held, int capability, String consequence) {
    for (String name : held.missing(List.of(capability))) {
      missing.add(
          new Missing(name, name + " is not among the effective capabilities", consequence));
    }
  }

  private void path(List<Missing> missing, String path, int flags, String consequence) {
    refusal(path, flags)
        .ifPresent(
            e -> missing.add(new Missing(path, String.valueOf(e.getMessage()), consequence)));
  }

  /** Why a path cannot be opened so, or empty where it can. */
  private Optional<SystemCallException> refusal(String path, int flags) {
    try {
      FileDescriptor.open(syscalls, path, flags).close();
      return Optional.empty();
    } catch (SystemCallException e) {
      return Optional.of(e);
    }
  }
}
