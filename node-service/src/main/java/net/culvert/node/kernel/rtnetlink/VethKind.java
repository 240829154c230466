package net.culvert.node.kernel.rtnetlink;

import net.culvert.node.kernel.abi.IfLink;
import net.culvert.node.kernel.abi.Rtnetlink.Ifinfomsg;
import net.culvert.node.kernel.abi.Veth;
import net.culvert.node.kernel.netlink.NetlinkRequest;
import net.culvert.node.kernel.netns.NetworkNamespace;
import org.jspecify.annotations.Nullable;

/**
 * One end of a pair: what enters one comes out of the other. Both ends are made at once, the other
 * one directly in its namespace. The other one is down: the kernel refuses to set it up before the
 * pair is joined.
 *
 * @param peerName the other end's name
 * @param peerNamespace where the other end is made; null for beside this one
 * @param peerMtu bytes, or 0 for the kernel's choice
 * @param peerAddress the other end's hardware address; null for the kernel's choice
 * @param peerGroup the other end's group, or 0
 */
public record VethKind(
    String peerName,
    @Nullable NetworkNamespace peerNamespace,
    int peerMtu,
    @Nullable MacAddress peerAddress,
    int peerGroup)
    implements LinkKind {

  public static final String NAME = "veth";

  /** Both ends in one namespace, the kernel's choice for all else. */
  public VethKind(String peerName) {
    this(peerName, null, 0, null);
  }

  /** The other end in the group that new links are in. */
  public VethKind(
      String peerName,
      @Nullable NetworkNamespace peerNamespace,
      int peerMtu,
      @Nullable MacAddress peerAddress) {
    this(peerName, peerNamespace, peerMtu, peerAddress, 0);
  }

  /** The same with the other end in a group. */
  public VethKind withPeerGroup(int group) {
    return new VethKind(peerName, peerNamespace, peerMtu, peerAddress, group);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void writeData(NetlinkRequest data) {
    data.nested(
        Veth.VETH_INFO_PEER,
        Ifinfomsg.SIZEOF,
        peer -> {
          peer.string(IfLink.IFLA_IFNAME, peerName);
          if (peerMtu > 0) {
            peer.u32(IfLink.IFLA_MTU, peerMtu);
          }
          if (peerAddress != null) {
            peer.bytes(IfLink.IFLA_ADDRESS, peerAddress.toBytes());
          }
          if (peerGroup != 0) {
            peer.u32(IfLink.IFLA_GROUP, peerGroup);
          }
          if (peerNamespace != null) {
            peer.u32(IfLink.IFLA_NET_NS_FD, peerNamespace.descriptor().fd());
          }
        });
  }
}
