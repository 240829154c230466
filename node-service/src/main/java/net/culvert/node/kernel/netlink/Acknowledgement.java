package net.culvert.node.kernel.netlink;

import net.culvert.node.kernel.abi.Netlink;
import net.culvert.node.kernel.abi.Netlink.Nlmsgerr;
import net.culvert.node.kernel.abi.Netlink.Nlmsghdr;

/** Reads NLMSG_ERROR and the end of a dump, with what the kernel adds to say why. */
final class Acknowledgement {

  private Acknowledgement() {}

  /** The outcome that an NLMSG_ERROR tells; error 0 is the plain acknowledgement. */
  static Outcome ofError(NetlinkMessage message, NetlinkRequest request) {
    int error = message.headerU32(Nlmsgerr.ERROR);
    int header = Nlmsgerr.SIZEOF;
    if (error != 0 && !message.has(Netlink.NLM_F_CAPPED)) {
      // The whole request stands before the attributes.
      int length = message.headerU32(Nlmsgerr.MSG + Nlmsghdr.NLMSG_LEN);
      if (length < Nlmsghdr.SIZEOF || length > message.bodyBytes() - Nlmsgerr.MSG) {
        throw new MalformedMessageException("an acknowledgement of " + length + " bytes");
      }
      header = Nlmsgerr.MSG + NetlinkRequest.align(length);
    }
    return outcome(message, request, error, header);
  }

  /** The outcome that the NLMSG_DONE of a dump tells. */
  static Outcome ofDone(NetlinkMessage message, NetlinkRequest request) {
    int error = message.bodyBytes() < Integer.BYTES ? 0 : message.headerU32(0);
    return outcome(message, request, error, Integer.BYTES);
  }

  private static Outcome outcome(
      NetlinkMessage message, NetlinkRequest request, int error, int headerBytes) {
    String sentence = null;
    int offset = NetlinkException.NONE;
    int missing = NetlinkException.NONE;
    if (message.has(Netlink.NLM_F_ACK_TLVS)) {
      Attributes attributes = message.attributes(headerBytes);
      sentence = attributes.string(Netlink.NLMSGERR_ATTR_MSG);
      offset = attributes.u32(Netlink.NLMSGERR_ATTR_OFFS, offset);
      missing = attributes.u32(Netlink.NLMSGERR_ATTR_MISS_TYPE, missing);
    }
    if (error < 0) {
      return new Outcome(
          new NetlinkException(
              request.operation(), request.object(), -error, sentence, offset, missing),
          null);
    }
    return sentence == null ? Outcome.DONE : new Outcome(null, sentence);
  }
}
