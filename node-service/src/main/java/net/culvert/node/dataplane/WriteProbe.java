package net.culvert.node.dataplane;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.sys.SystemCallException;
import net.culvert.node.kernel.tun.TunQueue;
import net.culvert.node.packet.Bytes;
import net.culvert.node.packet.Checksum;
import net.culvert.node.packet.GatherList;
import net.culvert.node.packet.IpProtocol;
import net.culvert.node.packet.OffloadHeader;

/**
 * Finds out whether a device takes super-packets, by writing one of each kind.
 *
 * <p>The kernel reads the header before it looks whether the link is up, so a new device answers
 * too: EINVAL for a header that it does not take, EIO for one that it does. On a link that is up
 * the packets enter the stack and end there: they come from and go to the loopback address, which
 * no device but {@code lo} may deliver.
 */
final class WriteProbe {

  private static final int SEGMENT_BYTES = 8;
  private static final int SEGMENTS = 2;
  private static final int MAX_BYTES = 128;

  private final TunQueue queue;

  WriteProbe(TunQueue queue) {
    this.queue = queue;
  }

  /** Why TCP super-packets are refused, or empty where they are taken. */
  Optional<String> tcp() {
    return refusal(IpProtocol.TCP);
  }

  /** Why UDP super-packets are refused, or empty where they are taken. */
  Optional<String> udp() {
    return refusal(IpProtocol.UDP);
  }

  private Optional<String> refusal(int protocol) {
    return writes(protocol, 4) && writes(protocol, 6)
        ? Optional.empty()
        : Optional.of(
            "the kernel refused a super-packet at the start: "
                + SystemCallException.describe(Errno.EINVAL));
  }

  private boolean writes(int protocol, int version) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(MAX_BYTES, 8);
      GatherList pieces = new GatherList(arena, 1);
      pieces.add(memory.address(), write(memory, protocol, version));
      return queue.write(pieces, 0, 1) != -Errno.EINVAL;
    }
  }

  /** Two segments in one packet, with the header before it. */
  private static int write(MemorySegment memory, int protocol, int version) {
    int ip = OffloadHeader.BYTES;
    int ipBytes = version == 4 ? 20 : 40;
    int upper = ip + ipBytes;
    boolean tcp = protocol == IpProtocol.TCP;
    int upperBytes = tcp ? 20 : 8;
    int payload = SEGMENTS * SEGMENT_BYTES;
    if (version == 4) {
      Bytes.putU8(memory, ip, 0x45);
      Bytes.putU16(memory, ip + 2, ipBytes + upperBytes + payload);
      Bytes.putU8(memory, ip + 8, 1);
      Bytes.putU8(memory, ip + 9, protocol);
      Bytes.putI32(memory, ip + 12, 0x7f000001);
      Bytes.putI32(memory, ip + 16, 0x7f000001);
      Bytes.putU16(memory, ip + 10, Checksum.finish(Checksum.add(memory, ip, ipBytes, 0)));
    } else {
      Bytes.putU8(memory, ip, 0x60);
      Bytes.putU16(memory, ip + 4, upperBytes + payload);
      Bytes.putU8(memory, ip + 6, protocol);
      Bytes.putU8(memory, ip + 7, 1);
      Bytes.putU8(memory, ip + 23, 1);
      Bytes.putU8(memory, ip + 39, 1);
    }
    if (tcp) {
      Bytes.putU8(memory, upper + 12, 5 << 4);
      Bytes.putU8(memory, upper + 13, 0x10);
    } else {
      Bytes.putU16(memory, upper + 4, upperBytes + payload);
    }
    int type =
        !tcp
            ? OffloadHeader.GSO_UDP_L4
            : version == 4 ? OffloadHeader.GSO_TCPV4 : OffloadHeader.GSO_TCPV6;
    OffloadHeader.write(
        memory,
        0,
        type,
        ipBytes + upperBytes,
        SEGMENT_BYTES,
        ipBytes,
        tcp ? OffloadHeader.TCP_CSUM_OFFSET : OffloadHeader.UDP_CSUM_OFFSET);
    return upper + upperBytes + payload;
  }
}
