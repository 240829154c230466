package net.culvert.node.crypto;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import net.culvert.node.transport.wireguard.CipherSuite;
import net.culvert.node.transport.wireguard.SealingKey;

/**
 * Memory outside the heap through which a library is told key and nonce: 32 bytes of key, 12 of
 * nonce, and room for an {@code int} that it answers with. Not for two threads at a time. The
 * memory is freed by the collector, with this.
 */
final class CipherScratch {

  static final int NONCE_BYTES = 12;

  /** Keys come in many lengths and these are of one. */
  static final int KEY_BYTES = 32;

  private static final int COUNTER_AT = KEY_BYTES + 4;
  private static final int WRITTEN_AT = 48;
  private static final int BYTES = 64;

  private final MemorySegment memory = Arena.ofAuto().allocate(BYTES, 64);
  private final ValueLayout.OfLong counterLayout;

  CipherScratch(CipherSuite suite) {
    ByteOrder order =
        suite == CipherSuite.WIREGUARD ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    this.counterLayout = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order);
  }

  /** Where the key stands after {@link #putKey}. */
  long keyAddress() {
    return memory.address();
  }

  long nonceAddress() {
    return memory.address() + KEY_BYTES;
  }

  long writtenAddress() {
    return memory.address() + WRITTEN_AT;
  }

  /** Makes the nonce: four bytes of zero, then the counter in the suite's byte order. */
  void putCounter(long counter) {
    memory.set(counterLayout, COUNTER_AT, counter);
  }

  void putKey(SealingKey key) {
    key.copyTo(memory, 0);
  }

  /** A library that has taken a key keeps its own copy. */
  void forgetKey() {
    memory.asSlice(0, KEY_BYTES).fill((byte) 0);
  }
}
