package net.culvert.node.transport.wireguard;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** By the JDK's ciphers, in arrays: there they are quickest, copies in and out included. */
final class JdkPacketCipher implements PacketCipher {

  private static final int MAX_BYTES = 66_000;

  private final AeadCipher cipher;
  private final byte[] in = new byte[MAX_BYTES];
  private final byte[] out = new byte[MAX_BYTES];

  JdkPacketCipher(CipherSuite suite) {
    this.cipher = new AeadCipher(suite);
  }

  @Override
  public void seal(SealingKey key, long counter, MemorySegment memory, int offset, int length) {
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset, in, 0, length);
    int sealed = cipher.seal(key, counter, in, 0, length, out, 0);
    MemorySegment.copy(out, 0, memory, ValueLayout.JAVA_BYTE, offset, sealed);
  }

  @Override
  public int open(SealingKey key, long counter, MemorySegment memory, int offset, int length) {
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset, in, 0, length);
    int opened = cipher.open(key, counter, in, 0, length, out, 0);
    if (opened >= 0) {
      MemorySegment.copy(out, 0, memory, ValueLayout.JAVA_BYTE, offset, opened);
    }
    return opened;
  }
}
