package net.culvert.node.kernel.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import net.culvert.node.kernel.abi.Netlink;
import net.culvert.node.kernel.abi.Netlink.Nlmsghdr;

/**
 * A message from the kernel. Its bytes are lent: they are overwritten after the method that was
 * given the message returns.
 */
public final class NetlinkMessage {

  private final int type;
  private final int flags;
  private final int sequence;
  private final ByteBuffer body;

  private NetlinkMessage(int type, int flags, int sequence, ByteBuffer body) {
    this.type = type;
    this.flags = flags;
    this.sequence = sequence;
    this.body = body;
  }

  /**
   * Hands over every message of a datagram in its order.
   *
   * @param datagram from its position to its limit; native byte order is set
   * @throws MalformedMessageException where a length does not fit
   */
  public static void forEach(ByteBuffer datagram, Consumer<NetlinkMessage> consumer) {
    ByteBuffer bytes = datagram.slice().order(ByteOrder.nativeOrder());
    int at = 0;
    while (at < bytes.limit()) {
      if (bytes.limit() - at < Nlmsghdr.SIZEOF) {
        throw new MalformedMessageException(
            "a message header has 16 bytes, and " + (bytes.limit() - at) + " are left");
      }
      int length = bytes.getInt(at + Nlmsghdr.NLMSG_LEN);
      if (length < Nlmsghdr.SIZEOF || length > bytes.limit() - at) {
        throw new MalformedMessageException(
            "a message of " + length + " bytes where " + (bytes.limit() - at) + " are left");
      }
      consumer.accept(
          new NetlinkMessage(
              bytes.getShort(at + Nlmsghdr.NLMSG_TYPE) & 0xffff,
              bytes.getShort(at + Nlmsghdr.NLMSG_FLAGS) & 0xffff,
              bytes.getInt(at + Nlmsghdr.NLMSG_SEQ),
              bytes
                  .slice(at + Nlmsghdr.SIZEOF, length - Nlmsghdr.SIZEOF)
                  .order(ByteOrder.nativeOrder())));
      // The last message need not be padded.
      at += Math.min(NetlinkRequest.align(length), bytes.limit() - at);
    }
  }

  public int type() {
    return type;
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  int sequence() {
    return sequence;
  }

  /** A byte of the family's header, unsigned. */
  public int headerU8(int offset) {
    require(offset, Byte.BYTES);
    return body.get(offset) & 0xff;
  }

  /** Two bytes of the family's header, unsigned. */
  public int headerU16(int offset) {
    require(offset, Short.BYTES);
    return body.getShort(offset) & 0xffff;
  }

  /** Four bytes of the family's header. */
  public int headerU32(int offset) {
    require(offset, Integer.BYTES);
    return body.getInt(offset);
  }

  /** The attributes behind a family header of so many bytes. */
  public Attributes attributes(int headerBytes) {
    int from = NetlinkRequest.align(headerBytes);
    require(0, headerBytes);
    return new Attributes(
        body.slice(Math.min(from, body.limit()), Math.max(0, body.limit() - from)));
  }

  int bodyBytes() {
    return body.limit();
  }

  private void require(int offset, int count) {
    if (offset + count > body.limit()) {
      throw new MalformedMessageException(
          "message type " + type + " has " + body.limit() + " bytes, no " + (offset + count));
    }
  }

  /** Whether the kernel changed what it was dumping. */
  boolean isInterrupted() {
    return has(Netlink.NLM_F_DUMP_INTR);
  }
}
