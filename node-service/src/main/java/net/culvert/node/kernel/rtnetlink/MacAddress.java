package net.culvert.node.kernel.rtnetlink;

import java.util.HexFormat;
import java.util.Locale;
import net.culvert.api.value.Family;
import net.culvert.api.value.IpAddress;
import net.culvert.node.kernel.abi.IfEther;

/**
 * A hardware address of six bytes.
 *
 * @param bits the 48 bits, the first byte of the wire most significant
 */
public record MacAddress(long bits) {

  public MacAddress {
    if (bits >>> (Byte.SIZE * IfEther.ETH_ALEN) != 0) {
      throw new IllegalArgumentException("a hardware address has 48 bits");
    }
  }

  /** From six bytes. */
  public static MacAddress of(byte[] bytes) {
    if (bytes.length != IfEther.ETH_ALEN) {
      throw new IllegalArgumentException("a hardware address has 6 bytes, not " + bytes.length);
    }
    long bits = 0;
    for (byte b : bytes) {
      bits = bits << Byte.SIZE | b & 0xff;
    }
    return new MacAddress(bits);
  }

  /** From {@code 02:00:5e:10:00:01}; capital letters too. */
  public static MacAddress parse(String text) {
    if (!text.matches("[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}")) {
      throw new IllegalArgumentException(
          "'" + text + "' is no hardware address; write six bytes as 02:00:5e:10:00:01");
    }
    return of(HexFormat.ofDelimiter(":").parseHex(text));
  }

  /** Six new bytes. */
  public byte[] toBytes() {
    byte[] bytes = new byte[IfEther.ETH_ALEN];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (bits >>> Byte.SIZE * (bytes.length - 1 - i));
    }
    return bytes;
  }

  /** The link-local address that the kernel would make of it, RFC 4291 appendix A. */
  public IpAddress linkLocalAddress() {
    long upper = bits >>> 24 ^ 0x02_0000;
    return new IpAddress(
        Family.IPV6, 0xfe80L << 48, upper << 40 | 0xff_feL << 24 | bits & 0xff_ffff);
  }

  /** Lower case with colons. */
  @Override
  public String toString() {
    return HexFormat.ofDelimiter(":").formatHex(toBytes()).toLowerCase(Locale.ROOT);
  }
}
