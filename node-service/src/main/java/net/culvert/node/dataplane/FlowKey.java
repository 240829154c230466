package net.culvert.node.dataplane;

import java.lang.foreign.MemorySegment;
import net.culvert.node.packet.Bytes;
import net.culvert.node.packet.IpHeader;
import net.culvert.node.packet.IpProtocol;

/**
 * Addresses, protocol and ports, read where they stand in a TCP or UDP packet without IPv4 options
 * and extension headers.
 */
final class FlowKey {

  private FlowKey() {}

  /** Whether the packet is one whose flow can be told so. */
  static boolean isReadable(IpHeader header) {
    int protocol = header.nextHeader();
    if (protocol != IpProtocol.TCP && protocol != IpProtocol.UDP) {
      return false;
    }
    return header.version() == 4
        ? !header.isFragment()
            && header.headerBytes() == IpHeader.IPV4_MIN_BYTES
            && header.totalBytes() >= IpHeader.IPV4_MIN_BYTES + 8
        : header.totalBytes() >= IpHeader.IPV6_BYTES + 8;
  }

  static int hash(MemorySegment memory, int offset) {
    boolean ipv4 = Bytes.u8(memory, offset) >>> 4 == 4;
    long mix =
        ipv4
            ? Bytes.i64(memory, offset + 12L)
            : Bytes.i64(memory, offset + 8L) * 31
                + Bytes.i64(memory, offset + 16L) * 37
                + Bytes.i64(memory, offset + 24L) * 41
                + Bytes.i64(memory, offset + 32L);
    int ports =
        Bytes.i32(memory, offset + (long) (ipv4 ? IpHeader.IPV4_MIN_BYTES : IpHeader.IPV6_BYTES));
    int protocol = Bytes.u8(memory, offset + (ipv4 ? 9L : 6L));
    mix ^= (ports + ((long) protocol << 32)) * 0x9e37_79b9_7f4a_7c15L;
    mix *= 0xff51_afd7_ed55_8ccdL;
    return (int) (mix >>> 32);
  }

  /** Whether two packets, which {@link #isReadable} has seen, are of one flow. */
  static boolean same(MemorySegment memory, int a, int b) {
    int version = Bytes.u8(memory, a) >>> 4;
    if (version != Bytes.u8(memory, b) >>> 4) {
      return false;
    }
    if (version == 4) {
      return Bytes.i32(memory, a + 20L) == Bytes.i32(memory, b + 20L)
          && Bytes.i64(memory, a + 12L) == Bytes.i64(memory, b + 12L)
          && Bytes.u8(memory, a + 9L) == Bytes.u8(memory, b + 9L);
    }
    return Bytes.i32(memory, a + 40L) == Bytes.i32(memory, b + 40L)
        && Bytes.i64(memory, a + 32L) == Bytes.i64(memory, b + 32L)
        && Bytes.i64(memory, a + 24L) == Bytes.i64(memory, b + 24L)
        && Bytes.i64(memory, a + 16L) == Bytes.i64(memory, b + 16L)
        && Bytes.i64(memory, a + 8L) == Bytes.i64(memory, b + 8L)
        && Bytes.u8(memory, a + 6L) == Bytes.u8(memory, b + 6L);
  }
}
