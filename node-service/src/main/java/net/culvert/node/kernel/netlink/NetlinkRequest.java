package net.culvert.node.kernel.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import net.culvert.node.kernel.abi.Netlink;
import net.culvert.node.kernel.abi.Netlink.Nlattr;

/**
 * A request that is being written: a fixed header of its family, then attributes. Numbers are in
 * native byte order, as netlink wants them. Not thread-safe; it can be sent more than once.
 */
public final class NetlinkRequest {

  /** Longest attribute, header included: its length field has 16 bits. */
  private static final int MAX_ATTRIBUTE_BYTES = 0xffff;

  private static final int FIRST_CAPACITY_BYTES = 256;

  private final int type;
  private final int flags;
  private final String operation;
  private final String object;
  private ByteBuffer body;

  /**
   * @param type such as RTM_NEWLINK
   * @param flags NLM_F_ flags besides REQUEST and ACK, which are always set
   * @param headerBytes length of the family's header, which begins as zeros
   * @param operation name of the type, for exceptions
   * @param object what this is about, for exceptions
   */
  public NetlinkRequest(int type, int flags, int headerBytes, String operation, String object) {
    this.type = type;
    this.flags = flags;
    this.operation = operation;
    this.object = object;
    this.body = buffer(Math.max(FIRST_CAPACITY_BYTES, align(headerBytes)));
    body.position(align(headerBytes));
  }

  private static ByteBuffer buffer(int capacity) {
    return ByteBuffer.allocate(capacity).order(ByteOrder.nativeOrder());
  }

  /** Rounds up to the next multiple of four. */
  static int align(int length) {
    return (length + Netlink.NLA_ALIGNTO - 1) & -Netlink.NLA_ALIGNTO;
  }

  /** Writes a byte of the family's header. */
  public NetlinkRequest headerU8(int offset, int value) {
    body.put(offset, (byte) value);
    return this;
  }

  /** Writes two bytes of the family's header. */
  public NetlinkRequest headerU16(int offset, int value) {
    body.putShort(offset, (short) value);
    return this;
  }

  /** Writes four bytes of the family's header. */
  public NetlinkRequest headerU32(int offset, int value) {
    body.putInt(offset, value);
    return this;
  }

  /** Four bytes of the family's header as they were written. */
  public int headerU32(int offset) {
    return body.getInt(offset);
  }

  public NetlinkRequest bytes(int attribute, byte[] value) {
    begin(attribute, value.length);
    body.put(value);
    pad();
    return this;
  }

  /** Text with its terminating zero. */
  public NetlinkRequest string(int attribute, String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    return bytes(attribute, Arrays.copyOf(text, text.length + 1));
  }

  public NetlinkRequest u8(int attribute, int value) {
    return bytes(attribute, new byte[] {(byte) value});
  }

  public NetlinkRequest u16(int attribute, int value) {
    begin(attribute, Short.BYTES);
    body.putShort((short) value);
    pad();
    return this;
  }

  public NetlinkRequest u32(int attribute, int value) {
    begin(attribute, Integer.BYTES);
    body.putInt(value);
    return this;
  }

  /** An attribute whose value is attributes. */
  public NetlinkRequest nested(int attribute, Consumer<NetlinkRequest> content) {
    return nested(attribute, 0, content);
  }

  /** An attribute whose value is a header, which begins as zeros, and attributes after it. */
  public NetlinkRequest nested(int attribute, int headerBytes, Consumer<NetlinkRequest> content) {
    int start = body.position();
    begin(attribute | Netlink.NLA_F_NESTED, headerBytes);
    body.position(body.position() + align(headerBytes));
    content.accept(this);
    int length = body.position() - start;
    if (length > MAX_ATTRIBUTE_BYTES) {
      throw new IllegalArgumentException(
          operation + " " + object + ": " + length + " bytes in attribute " + attribute);
    }
    body.putShort(start + Nlattr.NLA_LEN, (short) length);
    return this;
  }

  /** Where the next attribute begins, for headers inside {@link #nested(int, int, Consumer)}. */
  public int position() {
    return body.position();
  }

  private void begin(int attribute, int valueBytes) {
    int length = Nlattr.SIZEOF + valueBytes;
    if (length > MAX_ATTRIBUTE_BYTES) {
      throw new IllegalArgumentException(
          operation + " " + object + ": " + valueBytes + " bytes in attribute " + attribute);
    }
    if (body.remaining() < align(length)) {
      int wanted = Math.max(2 * body.capacity(), body.position() + align(length));
      body = buffer(wanted).put(body.flip());
    }
    body.putShort((short) length);
    body.putShort((short) attribute);
  }

  private void pad() {
    // What lies behind the position is zero: it was never written.
    body.position(align(body.position()));
  }

  int type() {
    return type;
  }

  int flags() {
    return flags;
  }

  public String operation() {
    return operation;
  }

  public String object() {
    return object;
  }

  /** Length without the message header, in bytes. */
  int bodyBytes() {
    return body.position();
  }

  /** A view from the first byte of the family's header to the last of the attributes. */
  ByteBuffer body() {
    return body.duplicate().flip().order(ByteOrder.nativeOrder());
  }

  @Override
  public String toString() {
    return operation + " " + object;
  }
}
