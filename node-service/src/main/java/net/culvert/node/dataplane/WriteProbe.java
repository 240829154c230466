package net.culvert.node.dataplane;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.sys.SystemCallException;
import net.culvert.node.kernel.tun.TunQueue;
import net.culvert.node.packet.GatherList;
import net.culvert.node.packet.IpProtocol;

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
  private static final int MAX_BYTES = 128;
  private static final byte[] LOOPBACK_IPV4 = {127, 0, 0, 1};
  private static final byte[] LOOPBACK_IPV6 = new byte[16];

  static {
    LOOPBACK_IPV6[15] = 1;
  }

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
    return writes(protocol, LOOPBACK_IPV4) && writes(protocol, LOOPBACK_IPV6)
        ? Optional.empty()
        : Optional.of(
            "the kernel refused a super-packet at the start: "
                + SystemCallException.describe(Errno.EINVAL));
  }

  private boolean writes(int protocol, byte[] loopback) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(MAX_BYTES, 8);
      int bytes =
          new SyntheticPacket(memory)
              .write(protocol, loopback, loopback, 2 * SEGMENT_BYTES, SEGMENT_BYTES);
      GatherList pieces = new GatherList(arena, 1);
      pieces.add(memory.address(), bytes);
      return queue.write(pieces, 0, 1) != -Errno.EINVAL;
    }
  }
}
