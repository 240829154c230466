package net.culvert.node.object;

import java.util.ArrayList;
import java.util.List;
import net.culvert.api.value.InterfaceAddress;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.netlink.NetlinkException;
import net.culvert.node.kernel.netlink.NetlinkRequest;
import net.culvert.node.kernel.netlink.Outcome;
import net.culvert.node.kernel.rtnetlink.Address;
import net.culvert.node.kernel.rtnetlink.Link;
import net.culvert.node.kernel.rtnetlink.LinkRequest;
import net.culvert.node.kernel.rtnetlink.MacAddress;
import net.culvert.node.kernel.rtnetlink.Rtnetlink;

/**
 * IPv6's link-local address of a link of ours, there from the moment that the link is up. The
 * kernel's own would be tentative for a second or two, in which a link asks for no neighbour.
 */
final class LinkLocal {

  private static final int PREFIX_LENGTH = 64;

  private LinkLocal() {}

  /**
   * Carries out a change that sets a link up.
   *
   * @param link before the change; one without a hardware address, as a tunnel's device, is left to
   *     the kernel, which looks for no duplicate there
   * @throws NetlinkException where the kernel refuses the change
   */
  static void up(Rtnetlink rtnetlink, Link link, NetlinkRequest change) {
    MacAddress mac = link.address();
    if (mac == null || link.isUp()) {
      rtnetlink.execute(change);
      return;
    }
    List<NetlinkRequest> requests = new ArrayList<>();
    requests.add(LinkRequest.change(link).ipv6LinkLocal(false).build());
    requests.add(change);
    requests.add(
        Address.createLinkLocal(
            link.index(), new InterfaceAddress(mac.linkLocalAddress(), PREFIX_LENGTH)));
    List<Outcome> outcomes = rtnetlink.executeAll(requests);
    outcomes.get(1).orThrow();
    orWithoutIpv6(outcomes.get(0));
    orWithoutIpv6(outcomes.get(2));
  }

  /** A link with an MTU below IPv6's, or a host that has it switched off, does without. */
  private static void orWithoutIpv6(Outcome outcome) {
    NetlinkException failure = outcome.failure();
    if (failure == null) {
      return;
    }
    switch (failure.errno()) {
      case Errno.EEXIST, Errno.EACCES, Errno.EAFNOSUPPORT, Errno.EOPNOTSUPP, Errno.EINVAL -> {}
      default -> throw failure;
    }
  }
}
