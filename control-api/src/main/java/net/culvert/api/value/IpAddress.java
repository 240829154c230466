package net.culvert.api.value;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import inet.ipaddr.AddressStringException;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressNetwork.IPAddressGenerator;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.regex.Pattern;

/**
 * An IPv4 or IPv6 address.
 *
 * <p>The 128 bits stand in two longs, most significant first; an IPv4 address is the low 32 bits of
 * {@code low}. An IPv4-mapped IPv6 address is no value of this type: it would be a second spelling
 * of an IPv4 address.
 *
 * @param high the upper 64 bits of an IPv6 address, 0 for IPv4
 * @param low the lower 64 bits of an IPv6 address, or the 32 bits of an IPv4 address
 */
@Schema(
    type = "string",
    description = "An IPv4 or IPv6 address in its canonical text form.",
    example = "10.1.1.1")
public record IpAddress(Family family, long high, long low) implements Comparable<IpAddress> {

  private static final IPAddressStringParameters STRICT =
      new IPAddressStringParameters.Builder()
          .allowEmpty(false)
          .allowAll(false)
          .allowSingleSegment(false)
          .allowPrefix(false)
          .allowMask(false)
          .allowPrefixOnly(false)
          .allowWildcardedSeparator(false)
          .getIPv4AddressParametersBuilder()
          .allow_inet_aton(false)
          .allowBinary(false)
          .allowLeadingZeros(false)
          .allowUnlimitedLeadingZeros(false)
          .setRangeOptions(inet.ipaddr.AddressStringParameters.RangeParameters.NO_RANGE)
          .getParentBuilder()
          .getIPv6AddressParametersBuilder()
          .allowZone(false)
          .allowBase85(false)
          .allowBinary(false)
          .allowUnlimitedLeadingZeros(false)
          .setRangeOptions(inet.ipaddr.AddressStringParameters.RangeParameters.NO_RANGE)
          .getEmbeddedIPv4AddressParametersBuilder()
          .allow_inet_aton(false)
          .allowBinary(false)
          .allowLeadingZeros(false)
          .allowUnlimitedLeadingZeros(false)
          .setRangeOptions(inet.ipaddr.AddressStringParameters.RangeParameters.NO_RANGE)
          .getEmbeddedIPv4AddressParentBuilder()
          .getParentBuilder()
          .toParams();

  /** The parser trims what surrounds an address; the longest is IPv6 ending in dotted IPv4. */
  private static final Pattern CHARACTERS = Pattern.compile("[0-9A-Fa-f:.]{1,45}");

  private static final int MAX_QUOTED = 80;

  private static final IPAddressGenerator GENERATOR = new IPAddressGenerator();

  public IpAddress {
    if (family == Family.IPV4 && (high != 0 || (low >>> 32) != 0)) {
      throw new IllegalArgumentException("an IPv4 address has 32 bits");
    }
    if (family == Family.IPV6 && high == 0 && (low >>> 32) == 0xffff) {
      throw new IllegalArgumentException(
          "::ffff:%s is an IPv4-mapped IPv6 address; write %<s".formatted(ipv4((int) low)));
    }
  }

  /** Reads the usual text form; anything that could be read in two ways is refused. */
  @JsonCreator
  public static IpAddress parse(String text) {
    IPAddress parsed = null;
    if (CHARACTERS.matcher(text).matches()) {
      try {
        parsed = new IPAddressString(text, STRICT).toAddress();
      } catch (AddressStringException e) {
        throw new IllegalArgumentException(quote(text) + " is not an IPv4 or IPv6 address", e);
      }
    }
    if (parsed == null) {
      throw new IllegalArgumentException(quote(text) + " is not an IPv4 or IPv6 address");
    }
    return of(parsed.getBytes());
  }

  /** From 4 or 16 bytes in network byte order, copied. */
  public static IpAddress of(byte[] networkOrder) {
    return switch (networkOrder.length) {
      case 4 -> new IpAddress(Family.IPV4, 0, bits(networkOrder, 0, 4));
      case 16 -> new IpAddress(Family.IPV6, bits(networkOrder, 0, 8), bits(networkOrder, 8, 8));
      default ->
          throw new IllegalArgumentException(
              "an address has 4 or 16 bytes, not " + networkOrder.length);
    };
  }

  private static IpAddress ipv4(int bits) {
    return new IpAddress(Family.IPV4, 0, bits & 0xffff_ffffL);
  }

  private static long bits(byte[] bytes, int from, int count) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      value = value << 8 | bytes[from + i] & 0xff;
    }
    return value;
  }

  /** A new array of 4 or 16 bytes in network byte order. */
  public byte[] toBytes() {
    byte[] bytes = new byte[family.bytes()];
    for (int i = 0; i < bytes.length; i++) {
      int shift = 8 * (bytes.length - 1 - i);
      bytes[i] = (byte) (shift >= 64 ? high >>> (shift - 64) : low >>> shift);
    }
    return bytes;
  }

  /** 224.0.0.0/4 or ff00::/8. */
  public boolean isMulticast() {
    return family == Family.IPV4 ? (low >>> 28) == 0xe : (high >>> 56) == 0xff;
  }

  /** 255.255.255.255. */
  public boolean isBroadcast() {
    return family == Family.IPV4 && low == 0xffff_ffffL;
  }

  /** 0.0.0.0 or ::. */
  public boolean isUnspecified() {
    return high == 0 && low == 0;
  }

  /** 127.0.0.0/8 or ::1. */
  public boolean isLoopback() {
    return family == Family.IPV4 ? (low >>> 24) == 127 : high == 0 && low == 1;
  }

  /** 169.254.0.0/16 or fe80::/10. */
  public boolean isLinkLocal() {
    return family == Family.IPV4 ? (low >>> 16) == 0xa9fe : (high >>> 54) == 0x3fa;
  }

  /** The first {@code length} bits kept, the others zero. */
  IpAddress masked(int length) {
    if (family == Family.IPV4) {
      return new IpAddress(family, 0, low & (0xffff_ffffL & mask64(length + 32)));
    }
    return new IpAddress(family, high & mask64(length), low & mask64(length - 64));
  }

  /** The broadcast address of the IPv4 subnet that the first {@code length} bits name. */
  IpAddress broadcast(int length) {
    return new IpAddress(family, 0, (low | ~mask64(length + 32)) & 0xffff_ffffL);
  }

  private static long mask64(int ones) {
    if (ones <= 0) {
      return 0;
    }
    return ones >= 64 ? -1L : -1L << (64 - ones);
  }

  /** For messages: cut where it is long, and with nothing in it that could end a line of a log. */
  static String quote(String text) {
    StringBuilder shown = new StringBuilder("'");
    text.codePoints()
        .limit(MAX_QUOTED)
        .forEach(c -> {
          if (Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE) {
            shown.append(String.format("\\u%04x", c));
          } else {
            shown.appendCodePoint(c);
          }
        });
    return shown.append(text.codePointCount(0, text.length()) > MAX_QUOTED ? "…'" : "'").toString();
  }

  /** Unsigned numeric order, IPv4 before IPv6. */
  @Override
  public int compareTo(IpAddress other) {
    int order = family.compareTo(other.family);
    if (order == 0) {
      order = Long.compareUnsigned(high, other.high);
    }
    return order != 0 ? order : Long.compareUnsigned(low, other.low);
  }

  /** Dotted quad, or RFC 5952. */
  @Override
  @JsonValue
  public String toString() {
    return GENERATOR.from(toBytes()).toCanonicalString();
  }
}
