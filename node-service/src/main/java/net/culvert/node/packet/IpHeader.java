package net.culvert.node.packet;

import java.lang.foreign.MemorySegment;
import net.culvert.api.value.Family;
import net.culvert.api.value.IpAddress;

/**
 * A reusable view of one IPv4 or IPv6 header (RFC 791, RFC 8200): what forwarding decides by.
 *
 * <p>{@link #parse} checks version, header length and total length against the bytes that are
 * there; {@link #locateUpperLayer} walks IPv6 extension headers within the packet's bounds and is
 * called only by those who need the protocol. The view holds numbers and no reference to the
 * memory. One thread.
 */
public final class IpHeader {

  public static final int IPV4_MIN_BYTES = 20;
  public static final int IPV6_BYTES = 40;

  /** More extension headers than any honest packet has: past these, the protocol stays unknown. */
  private static final int MAX_EXTENSION_HEADERS = 16;

  private int version;
  private int headerBytes;
  private int totalBytes;
  private int nextHeader;
  private int hopLimit;
  private boolean dontFragment;
  private boolean fragment;
  private int fragmentOffset;
  private long sourceHigh;
  private long sourceLow;
  private long destinationHigh;
  private long destinationLow;

  private int upperProtocol;
  private int upperOffset;
  private boolean upperLocated;

  /**
   * Reads the header at {@code offset} of which {@code available} bytes are there.
   *
   * @return false if it is no IP packet, or claims more bytes than there are; the view is then
   *     without meaning
   */
  public boolean parse(MemorySegment memory, long offset, int available) {
    if (available < IPV4_MIN_BYTES) {
      return false;
    }
    version = Bytes.u8(memory, offset) >>> 4;
    return switch (version) {
      case 4 -> parseIpv4(memory, offset, available);
      case 6 -> parseIpv6(memory, offset, available);
      default -> false;
    };
  }

  private boolean parseIpv4(MemorySegment memory, long offset, int available) {
    headerBytes = (Bytes.u8(memory, offset) & 0xf) * 4;
    totalBytes = Bytes.u16(memory, offset + 2);
    if (headerBytes < IPV4_MIN_BYTES || totalBytes < headerBytes || totalBytes > available) {
      return false;
    }
    int flags = Bytes.u16(memory, offset + 6);
    dontFragment = (flags & 0x4000) != 0;
    fragment = (flags & 0x3fff) != 0;
    fragmentOffset = (flags & 0x1fff) * 8;
    hopLimit = Bytes.u8(memory, offset + 8);
    nextHeader = Bytes.u8(memory, offset + 9);
    sourceHigh = 0;
    sourceLow = Bytes.u32(memory, offset + 12);
    destinationHigh = 0;
    destinationLow = Bytes.u32(memory, offset + 16);
    upperLocated = true;
    upperProtocol = nextHeader;
    upperOffset = headerBytes;
    return true;
  }

  private boolean parseIpv6(MemorySegment memory, long offset, int available) {
    if (available < IPV6_BYTES) {
      return false;
    }
    headerBytes = IPV6_BYTES;
    totalBytes = IPV6_BYTES + Bytes.u16(memory, offset + 4);
    if (totalBytes > available) {
      return false;
    }
    nextHeader = Bytes.u8(memory, offset + 6);
    hopLimit = Bytes.u8(memory, offset + 7);
    sourceHigh = Bytes.i64(memory, offset + 8);
    sourceLow = Bytes.i64(memory, offset + 16);
    destinationHigh = Bytes.i64(memory, offset + 24);
    destinationLow = Bytes.i64(memory, offset + 32);
    dontFragment = true;
    fragment = false;
    fragmentOffset = 0;
    upperLocated = false;
    return true;
  }

  /**
   * Finds protocol and offset of what the packet carries; to be called with the memory that was
   * parsed. A chain of extension headers that leaves the packet, or is too long, ends the walk at
   * the last header that could be read.
   */
  public void locateUpperLayer(MemorySegment memory, long offset) {
    if (upperLocated) {
      return;
    }
    upperLocated = true;
    int protocol = nextHeader;
    int at = IPV6_BYTES;
    for (int i = 0; i < MAX_EXTENSION_HEADERS && isExtension(protocol); i++) {
      if (at + 8 > totalBytes) {
        break;
      }
      int length =
          switch (protocol) {
            case IpProtocol.FRAGMENT -> 8;
            case IpProtocol.AH -> (Bytes.u8(memory, offset + at + 1) + 2) * 4;
            default -> (Bytes.u8(memory, offset + at + 1) + 1) * 8;
          };
      if (at + length > totalBytes) {
        break;
      }
      if (protocol == IpProtocol.FRAGMENT) {
        int word = Bytes.u16(memory, offset + at + 2);
        fragment = true;
        fragmentOffset = word & 0xfff8;
      }
      protocol = Bytes.u8(memory, offset + at);
      at += length;
      if (fragmentOffset != 0) {
        break; // What follows is the middle of a payload, whatever the next-header field says.
      }
    }
    upperProtocol = protocol;
    upperOffset = at;
  }

  private static boolean isExtension(int protocol) {
    return switch (protocol) {
      case IpProtocol.HOPOPTS,
          IpProtocol.ROUTING,
          IpProtocol.FRAGMENT,
          IpProtocol.AH,
          IpProtocol.DSTOPTS,
          IpProtocol.MH,
          IpProtocol.HIP,
          IpProtocol.SHIM6 ->
          true;
      default -> false;
    };
  }

  /** 4 or 6. */
  public int version() {
    return version;
  }

  public Family family() {
    return version == 4 ? Family.IPV4 : Family.IPV6;
  }

  /** Length of the IPv4 header with its options, or 40. */
  public int headerBytes() {
    return headerBytes;
  }

  /** Length of the whole packet as its header tells it, in bytes. */
  public int totalBytes() {
    return totalBytes;
  }

  /** TTL or hop limit. */
  public int hopLimit() {
    return hopLimit;
  }

  /** The DF bit; always true for IPv6, which no router fragments. */
  public boolean dontFragment() {
    return dontFragment;
  }

  /** Whether this is a fragment, the first one included; IPv6: after the upper layer is located. */
  public boolean isFragment() {
    return fragment;
  }

  /** Offset of this fragment in bytes, 0 for the first and for whole packets. */
  public int fragmentOffset() {
    return fragmentOffset;
  }

  /** Upper half of the source, 0 for IPv4. */
  public long sourceHigh() {
    return sourceHigh;
  }

  /** Lower half of the source, or the 32 bits of an IPv4 address. */
  public long sourceLow() {
    return sourceLow;
  }

  public long destinationHigh() {
    return destinationHigh;
  }

  public long destinationLow() {
    return destinationLow;
  }

  /** What follows the IP header itself: the protocol, or an IPv6 extension header. */
  public int nextHeader() {
    return nextHeader;
  }

  /** Protocol of the payload; IPv6: after {@link #locateUpperLayer}. */
  public int upperProtocol() {
    return upperProtocol;
  }

  /** Where the payload begins, in bytes from the packet's start, at most {@link #totalBytes}. */
  public int upperOffset() {
    return upperOffset;
  }

  /** A new value; not for the packet path. IPv4-mapped IPv6 comes back as the IPv4 address. */
  public IpAddress source() {
    return address(family(), sourceHigh, sourceLow);
  }

  /** A new value; not for the packet path. IPv4-mapped IPv6 comes back as the IPv4 address. */
  public IpAddress destination() {
    return address(family(), destinationHigh, destinationLow);
  }

  private static IpAddress address(Family family, long high, long low) {
    boolean mapped = family == Family.IPV6 && high == 0 && low >>> 32 == 0xffff;
    return mapped
        ? new IpAddress(Family.IPV4, 0, low & 0xffff_ffffL)
        : new IpAddress(family, high, low);
  }
}
