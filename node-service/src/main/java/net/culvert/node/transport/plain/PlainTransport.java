package net.culvert.node.transport.plain;

import java.lang.foreign.MemorySegment;
import net.culvert.node.packet.Bytes;
import net.culvert.node.packet.GatherList;
import net.culvert.node.transport.Opener;
import net.culvert.node.transport.Sealer;
import net.culvert.node.transport.Transport;

/** Inner packets in the clear, behind a {@link Framing}. */
public final class PlainTransport implements Transport {

  private static final int ETH_P_IP = 0x0800;
  private static final int ETH_P_IPV6 = 0x86dd;

  private final Framing framing;

  public PlainTransport(Framing framing) {
    this.framing = framing;
  }

  public Framing framing() {
    return framing;
  }

  @Override
  public String name() {
    return "plain";
  }

  @Override
  public int overheadBytes() {
    return framing.bytes();
  }

  @Override
  public Sealer newSealer() {
    return new PlainSealer(framing.bytes());
  }

  @Override
  public Opener newOpener() {
    return new PlainOpener(framing.bytes());
  }

  private record PlainSealer(int framingBytes) implements Sealer {

    @Override
    public int headroomBytes() {
      return framingBytes;
    }

    @Override
    public int piecesPerDatagram() {
      return 1;
    }

    @Override
    public int seal(
        MemorySegment head,
        int headOffset,
        int headBytes,
        MemorySegment rest,
        int restOffset,
        int restBytes,
        MemorySegment room,
        int roomOffset,
        GatherList into) {
      int start = headOffset - framingBytes;
      if (framingBytes != 0) {
        boolean ipv4 = Bytes.u8(head, headOffset) >>> 4 == 4;
        Bytes.putU16(head, start, 0);
        Bytes.putU16(head, start + 2, ipv4 ? ETH_P_IP : ETH_P_IPV6);
      }
      into.add(head.address() + start, framingBytes + headBytes);
      if (restBytes != 0) {
        into.add(rest.address() + restOffset, restBytes);
      }
      return framingBytes + headBytes + restBytes;
    }
  }

  private static final class PlainOpener implements Opener {

    private final int framingBytes;
    private int innerBytes;

    PlainOpener(int framingBytes) {
      this.framingBytes = framingBytes;
    }

    @Override
    public int open(MemorySegment memory, int offset, int length, long nowNanos) {
      if (length <= framingBytes) {
        return MALFORMED;
      }
      if (framingBytes != 0) {
        // The flags are for the device's reader (TUN_PKT_STRIP) and mean nothing here.
        int etherType = Bytes.u16(memory, offset + 2);
        int version = Bytes.u8(memory, offset + framingBytes) >>> 4;
        boolean agree =
            etherType == ETH_P_IP && version == 4 || etherType == ETH_P_IPV6 && version == 6;
        if (!agree) {
          return MALFORMED;
        }
      }
      innerBytes = length - framingBytes;
      return framingBytes;
    }

    @Override
    public int innerBytes() {
      return innerBytes;
    }
  }
}
