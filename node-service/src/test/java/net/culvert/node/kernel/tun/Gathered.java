package net.culvert.node.kernel.tun;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import net.culvert.node.packet.GatherList;

/** What the kernel does with a gather list, for fakes: reads memory by address. */
public final class Gathered {

  private Gathered() {}

  /** A copy of all pieces in a row. */
  // The list holds addresses, as the kernel wants them; a fake has to read there as the kernel
  // does.
  @SuppressWarnings("restricted")
  public static byte[] bytes(GatherList pieces, int first, int count) {
    byte[] bytes = new byte[(int) pieces.bytes(first, count)];
    int at = 0;
    for (int i = first; i < first + count; i++) {
      int length = (int) pieces.length(i);
      MemorySegment piece = MemorySegment.ofAddress(pieces.base(i)).reinterpret(length);
      MemorySegment.copy(piece, ValueLayout.JAVA_BYTE, 0, bytes, at, length);
      at += length;
    }
    return bytes;
  }
}
