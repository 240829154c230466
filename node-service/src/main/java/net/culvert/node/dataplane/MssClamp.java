package net.culvert.node.dataplane;

import java.lang.foreign.MemorySegment;
import net.culvert.node.packet.Bytes;
import net.culvert.node.packet.IpHeader;
import net.culvert.node.packet.IpProtocol;

/**
 * Lowers the maximum segment size that a TCP SYN announces (RFC 9293, section 3.7.1) to what fits
 * the path, for hosts that never hear of the path's MTU because something drops ICMP. Pure.
 */
final class MssClamp {

  private static final int TCP_BYTES = 20;
  private static final int FLAGS = 13;
  private static final int CHECKSUM = 16;
  private static final int SYN = 0x02;
  private static final int OPTION_END = 0;
  private static final int OPTION_NONE = 1;
  private static final int OPTION_MSS = 2;
  private static final int OPTION_MSS_BYTES = 4;

  private MssClamp() {}

  /**
   * Lowers the option in place where it announces more than fits; never raises it.
   *
   * @param header of the packet, already read
   * @param mtuBytes the largest packet that the path takes
   * @param openChecksum whether the checksum is still to be finished, and so holds nothing of the
   *     option
   * @return whether it was lowered
   */
  static boolean apply(
      MemorySegment memory, int offset, IpHeader header, int mtuBytes, boolean openChecksum) {
    // A SYN behind extension headers is not worth the search: no stack sends one.
    if (header.nextHeader() != IpProtocol.TCP
        || header.isFragment()
        || header.totalBytes() < header.headerBytes() + TCP_BYTES) {
      return false;
    }
    int tcp = offset + header.headerBytes();
    if ((Bytes.u8(memory, tcp + FLAGS) & SYN) == 0) {
      return false;
    }
    int end =
        tcp
            + Math.min(
                (Bytes.u8(memory, tcp + 12) >>> 4) * 4, header.totalBytes() - header.headerBytes());
    int at = tcp + TCP_BYTES;
    while (at < end) {
      int kind = Bytes.u8(memory, at);
      if (kind == OPTION_END) {
        return false;
      }
      if (kind == OPTION_NONE) {
        at++;
        continue;
      }
      int length = at + 1 < end ? Bytes.u8(memory, at + 1) : 0;
      if (length < 2 || at + length > end) {
        return false;
      }
      if (kind == OPTION_MSS && length == OPTION_MSS_BYTES) {
        return lower(
            memory, tcp, at + 2, mtuBytes - header.headerBytes() - TCP_BYTES, openChecksum);
      }
      at += length;
    }
    return false;
  }

  private static boolean lower(
      MemorySegment memory, int tcp, int at, int fits, boolean openChecksum) {
    int before = Bytes.u16(memory, at);
    if (before <= fits || fits <= 0) {
      return false;
    }
    Bytes.putU16(memory, at, fits);
    if (!openChecksum) {
      // RFC 1624, equation 3. An option at an odd offset has its bytes in the other halves.
      boolean odd = ((at - tcp) & 1) != 0;
      int old = odd ? swap(before) : before;
      int now = odd ? swap(fits) : fits;
      int sum = (~Bytes.u16(memory, tcp + CHECKSUM) & 0xffff) + (~old & 0xffff) + now;
      sum = (sum & 0xffff) + (sum >>> 16);
      sum = (sum & 0xffff) + (sum >>> 16);
      Bytes.putU16(memory, tcp + CHECKSUM, ~sum & 0xffff);
    }
    return true;
  }

  private static int swap(int value) {
    return (value & 0xff) << 8 | value >>> 8;
  }
}
