package net.culvert.node.kernel.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.ObjIntConsumer;
import net.culvert.node.kernel.abi.Netlink;
import net.culvert.node.kernel.abi.Netlink.Nlattr;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a message or of another attribute, each found by its type; of two of one type
 * the last counts. Lent like the message; a type that nobody asks for is of no matter.
 */
public final class Attributes {

  private static final int TYPE_MASK = ~(Netlink.NLA_F_NESTED | Netlink.NLA_F_NET_BYTEORDER);

  private final ByteBuffer bytes;

  /**
   * @throws MalformedMessageException where a length does not fit
   */
  Attributes(ByteBuffer bytes) {
    this.bytes = bytes.order(ByteOrder.nativeOrder());
    int at = 0;
    while (bytes.limit() - at >= Nlattr.SIZEOF) {
      int length = length(at);
      if (length < Nlattr.SIZEOF || length > bytes.limit() - at) {
        throw new MalformedMessageException(
            "an attribute of " + length + " bytes where " + (bytes.limit() - at) + " are left");
      }
      at += NetlinkRequest.align(length);
    }
    // Up to three bytes behind the last are padding that somebody counted; the kernel's own reader
    // passes over them too.
  }

  /** The attributes that somebody's bytes are, from position to limit. */
  public static Attributes of(ByteBuffer bytes) {
    return new Attributes(bytes.slice());
  }

  private int length(int at) {
    return bytes.getShort(at + Nlattr.NLA_LEN) & 0xffff;
  }

  private int type(int at) {
    return bytes.getShort(at + Nlattr.NLA_TYPE) & 0xffff & TYPE_MASK;
  }

  /** Where the attribute begins, or −1. */
  private int find(int type) {
    int found = -1;
    int at = 0;
    while (bytes.limit() - at >= Nlattr.SIZEOF) {
      if (type(at) == type) {
        found = at;
      }
      at += NetlinkRequest.align(length(at));
    }
    return found;
  }

  private int value(int at, int type, int wanted) {
    if (length(at) - Nlattr.SIZEOF < wanted) {
      throw new MalformedMessageException(
          "attribute " + type + " has " + (length(at) - Nlattr.SIZEOF) + " bytes, not " + wanted);
    }
    return at + Nlattr.SIZEOF;
  }

  public boolean has(int type) {
    return find(type) >= 0;
  }

  /** Unsigned, or the other value where there is none. */
  public int u8(int type, int otherwise) {
    int at = find(type);
    return at < 0 ? otherwise : bytes.get(value(at, type, Byte.BYTES)) & 0xff;
  }

  /** Unsigned, or the other value where there is none. */
  public int u16(int type, int otherwise) {
    int at = find(type);
    return at < 0 ? otherwise : bytes.getShort(value(at, type, Short.BYTES)) & 0xffff;
  }

  /** Four bytes, or the other value where there are none. */
  public int u32(int type, int otherwise) {
    int at = find(type);
    return at < 0 ? otherwise : bytes.getInt(value(at, type, Integer.BYTES));
  }

  /** Text up to its terminating zero or its end, or null. */
  public @Nullable String string(int type) {
    byte[] value = bytes(type);
    if (value == null) {
      return null;
    }
    int end = 0;
    while (end < value.length && value[end] != 0) {
      end++;
    }
    return new String(value, 0, end, StandardCharsets.UTF_8);
  }

  /** A copy, or null. */
  public byte @Nullable [] bytes(int type) {
    int at = find(type);
    if (at < 0) {
      return null;
    }
    byte[] copy = new byte[length(at) - Nlattr.SIZEOF];
    bytes.get(at + Nlattr.SIZEOF, copy);
    return copy;
  }

  /** The bytes in native order, lent, or null. */
  public @Nullable ByteBuffer buffer(int type) {
    int at = find(type);
    return at < 0 ? null : slice(at);
  }

  /** The attributes inside an attribute, or none. */
  public Attributes nested(int type) {
    int at = find(type);
    return new Attributes(at < 0 ? ByteBuffer.allocate(0) : slice(at));
  }

  /** Hands over every attribute: its bytes in native order, lent, and its type. */
  public void forEach(ObjIntConsumer<ByteBuffer> consumer) {
    int at = 0;
    while (bytes.limit() - at >= Nlattr.SIZEOF) {
      consumer.accept(slice(at), type(at));
      at += NetlinkRequest.align(length(at));
    }
  }

  private ByteBuffer slice(int at) {
    return bytes
        .slice(at + Nlattr.SIZEOF, length(at) - Nlattr.SIZEOF)
        .order(ByteOrder.nativeOrder());
  }
}
