package net.culvert.node.kernel.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.culvert.node.kernel.abi.Netlink.Nlmsghdr;

/** Messages as the kernel would send them, for tests without one. */
final class NetlinkBytes {

  private final ByteBuffer bytes = ByteBuffer.allocate(4096).order(ByteOrder.nativeOrder());

  /** Appends a message whose body a request holds. */
  NetlinkBytes message(int type, int flags, int sequence, NetlinkRequest body) {
    ByteBuffer content = body.body();
    return raw(type, flags, sequence, Nlmsghdr.SIZEOF + content.limit(), content);
  }

  /** Appends a message with a length that may be a lie. */
  NetlinkBytes raw(int type, int flags, int sequence, int length, ByteBuffer content) {
    bytes.putInt(length).putShort((short) type).putShort((short) flags);
    bytes.putInt(sequence).putInt(0).put(content);
    bytes.position(NetlinkRequest.align(bytes.position()));
    return this;
  }

  ByteBuffer datagram() {
    return bytes.duplicate().flip();
  }

  static NetlinkRequest body(int headerBytes) {
    return new NetlinkRequest(0, 0, headerBytes, "TEST", "bytes");
  }
}
