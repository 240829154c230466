package net.culvert.node.transport.wireguard;

import java.lang.foreign.MemorySegment;

/**
 * Seals and opens packets where they stand in memory, with no data beside them. Nonces are made of
 * counters as the suite has them. For one thread.
 */
public interface PacketCipher {

  /** The answer of {@link #open} to what nobody with this key has sealed. */
  int FORGED = -1;

  /** Bytes that are appended. */
  int TAG_BYTES = 16;

  /**
   * Seals in place and appends the tag.
   *
   * @param key compared by identity with that of the call before, so that a run of packets under
   *     one key costs its schedule once; a key that was destroyed may still be good for such a run
   * @param counter never used before with this key
   * @param memory outside the heap, with {@link #TAG_BYTES} of room behind the packet
   * @throws SealingKey.Destroyed if the key was
   */
  void seal(SealingKey key, long counter, MemorySegment memory, int offset, int length);

  /**
   * Opens in place. What stands there afterwards is of no meaning if it was forged.
   *
   * @param length with the tag
   * @return length of the packet, or {@link #FORGED}
   * @throws SealingKey.Destroyed if the key was
   */
  int open(SealingKey key, long counter, MemorySegment memory, int offset, int length);

  /** Makes ciphers, one for each thread. */
  interface Factory {

    PacketCipher create(CipherSuite suite);

    /** The JDK's, which every machine has. */
    Factory JDK = JdkPacketCipher::new;
  }
}
