package net.culvert.node.kernel.rtnetlink;

import java.nio.ByteBuffer;
import java.util.Arrays;
import net.culvert.node.kernel.netlink.Attributes;

/** What a link has because of its kind, IFLA_INFO_DATA, to be read by the class of that kind. */
public final class KindData {

  static final KindData NONE = new KindData(new byte[0]);

  private final byte[] bytes;

  /** Takes over the array. */
  KindData(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Attributes with the numbers of that kind. */
  public Attributes attributes() {
    return Attributes.of(ByteBuffer.wrap(bytes));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KindData data && Arrays.equals(data.bytes, bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return bytes.length + " bytes";
  }
}
