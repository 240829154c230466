package net.culvert.node.crypto;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import net.culvert.node.transport.wireguard.CipherSuite;
import net.culvert.node.transport.wireguard.PacketCipher;
import net.culvert.node.transport.wireguard.SealingKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which implementation seals packets here: the quicker of the JDK's and libcrypto's, by a short
 * measurement when a suite is first wanted. One that does not answer as the JDK does, over packets
 * of every length that matters, is not taken. Any thread.
 */
public final class PacketCiphers implements PacketCipher.Factory {

  private static final Logger LOG = LoggerFactory.getLogger(PacketCiphers.class);
  private static final int LARGEST_TRIED_BYTES = 1500;
  private static final int PACKET_BYTES = 1420;
  private static final long MEASURE_NANOS = 20_000_000;

  private final Map<CipherSuite, Choice> choices = new EnumMap<>(CipherSuite.class);
  private final BiConsumer<CipherSuite, String> fallback;

  public PacketCiphers() {
    this((suite, reason) -> {});
  }

  /**
   * @param fallback told of a suite for which libcrypto cannot be used, and why; once each
   */
  public PacketCiphers(BiConsumer<CipherSuite, String> fallback) {
    this.fallback = fallback;
  }

  private record Choice(PacketCipher.Factory factory, String words) {}

  @Override
  public PacketCipher create(CipherSuite suite) {
    return choice(suite).factory.create(suite);
  }

  /** What was chosen and why, for a reader. */
  public String inWords(CipherSuite suite) {
    return choice(suite).words;
  }

  private synchronized Choice choice(CipherSuite suite) {
    return choices.computeIfAbsent(suite, this::choose);
  }

  private Choice choose(CipherSuite suite) {
    LibCrypto library = LibCrypto.find();
    if (library == null) {
      fallback.accept(suite, "libcrypto 3 is not installed");
      return new Choice(PacketCipher.Factory.JDK, "the JDK's; libcrypto 3 is not installed");
    }
    PacketCipher.Factory ours = each -> new LibCryptoPacketCipher(library, each);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(LARGEST_TRIED_BYTES + PacketCipher.TAG_BYTES);
      PacketCipher theirs = PacketCipher.Factory.JDK.create(suite);
      PacketCipher own = ours.create(suite);
      requireEqual(suite, theirs, own, memory);
      double jdk = gigabytesPerSecond(suite, theirs, memory);
      double measured = gigabytesPerSecond(suite, own, memory);
      String words =
          String.format(
              "%s, measured at %.1f GB/s; the JDK's at %.1f GB/s before it is warm",
              library.version(), measured, jdk);
      LOG.info("{} by {}", suite.apiName(), words);
      return measured > jdk
          ? new Choice(ours, words)
          : new Choice(PacketCipher.Factory.JDK, "the JDK's; " + words);
    } catch (IllegalStateException e) {
      LOG.warn("{} by the JDK: {}", suite.apiName(), e.getMessage());
      fallback.accept(suite, String.valueOf(e.getMessage()));
      return new Choice(PacketCipher.Factory.JDK, "the JDK's: " + e.getMessage());
    }
  }

  private static SealingKey key(CipherSuite suite, Random random) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return new SealingKey(suite, bytes);
  }

  private static void requireEqual(
      CipherSuite suite, PacketCipher one, PacketCipher other, MemorySegment memory) {
    Random random = new Random(1);
    byte[] packet = new byte[LARGEST_TRIED_BYTES];
    random.nextBytes(packet);
    SealingKey key = key(suite, random);
    for (int length = 0; length <= LARGEST_TRIED_BYTES; length += length < 320 ? 1 : 59) {
      long counter = random.nextLong() >>> 1;
      MemorySegment.copy(packet, 0, memory, ValueLayout.JAVA_BYTE, 0, length);
      other.seal(key, counter, memory, 0, length);
      int opened = one.open(key, counter, memory, 0, length + PacketCipher.TAG_BYTES);
      if (opened != length || !holds(memory, packet, length)) {
        throw new IllegalStateException("what it seals is not what others open");
      }
      one.seal(key, counter, memory, 0, length);
      opened = other.open(key, counter, memory, 0, length + PacketCipher.TAG_BYTES);
      if (opened != length || !holds(memory, packet, length)) {
        throw new IllegalStateException("it does not open what others seal");
      }
      // The JDK's seals nothing twice under one counter.
      one.seal(key, counter + 1, memory, 0, length);
      long last = length + PacketCipher.TAG_BYTES - 1L;
      memory.set(ValueLayout.JAVA_BYTE, last, (byte) (memory.get(ValueLayout.JAVA_BYTE, last) ^ 1));
      if (other.open(key, counter + 1, memory, 0, length + PacketCipher.TAG_BYTES)
          != PacketCipher.FORGED) {
        throw new IllegalStateException("it opens what was forged");
      }
    }
  }

  private static boolean holds(MemorySegment memory, byte[] packet, int length) {
    MemorySegment expected = MemorySegment.ofArray(packet).asSlice(0, length);
    return memory.asSlice(0, length).mismatch(expected) == -1;
  }

  private static double gigabytesPerSecond(
      CipherSuite suite, PacketCipher cipher, MemorySegment memory) {
    SealingKey key = key(suite, new Random(2));
    long counter = 0;
    long start = System.nanoTime();
    long taken;
    do {
      for (int i = 0; i < 16; i++) {
        cipher.seal(key, counter++, memory, 0, PACKET_BYTES);
      }
      taken = System.nanoTime() - start;
    } while (taken < MEASURE_NANOS);
    return (double) counter * PACKET_BYTES / taken;
  }
}
