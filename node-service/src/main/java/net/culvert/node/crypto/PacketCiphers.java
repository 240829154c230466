package net.culvert.node.crypto;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import net.culvert.node.transport.wireguard.CipherSuite;
import net.culvert.node.transport.wireguard.PacketCipher;
import net.culvert.node.transport.wireguard.SealingKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which implementation seals packets here: the quickest of the JDK's, libcrypto's and libgcrypt's,
 * by a short measurement when a suite is first wanted. One that does not answer as the JDK does,
 * over packets of every length that matters, is not taken. Any thread.
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
   * @param fallback told of a suite that only the JDK is there for, and why; once each
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
    Map<String, PacketCipher.Factory> libraries = libraries();
    if (libraries.isEmpty()) {
      fallback.accept(suite, "neither libcrypto 3 nor libgcrypt is installed");
      return new Choice(
          PacketCipher.Factory.JDK, "the JDK's; neither libcrypto 3 nor libgcrypt is installed");
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(LARGEST_TRIED_BYTES + PacketCipher.TAG_BYTES);
      PacketCipher jdk = PacketCipher.Factory.JDK.create(suite);
      PacketCipher.Factory best = PacketCipher.Factory.JDK;
      String name = "the JDK's";
      double rate = gigabytesPerSecond(suite, jdk, memory);
      List<String> others = new ArrayList<>();
      for (Map.Entry<String, PacketCipher.Factory> library : libraries.entrySet()) {
        try {
          PacketCipher tried = library.getValue().create(suite);
          requireEqual(suite, jdk, tried, memory);
          double measured = gigabytesPerSecond(suite, tried, memory);
          if (measured > rate) {
            others.add(inWords(name, rate));
            best = library.getValue();
            name = library.getKey();
            rate = measured;
          } else {
            others.add(inWords(library.getKey(), measured));
          }
        } catch (IllegalStateException e) {
          LOG.warn("{} not by {}: {}", suite.apiName(), library.getKey(), e.getMessage());
          others.add(library.getKey() + " not, because " + e.getMessage());
        }
      }
      String words =
          inWords(name, rate) + "; " + String.join("; ", others) + "; nothing of it was warm";
      LOG.info("{} by {}", suite.apiName(), words);
      return new Choice(best, words);
    }
  }

  private static String inWords(String name, double gigabytesPerSecond) {
    return String.format(Locale.ROOT, "%s at %.1f GB/s", name, gigabytesPerSecond);
  }

  /** Those that are installed, by the names that they give themselves, in a fixed order. */
  private static Map<String, PacketCipher.Factory> libraries() {
    Map<String, PacketCipher.Factory> found = new LinkedHashMap<>();
    LibCrypto openssl = LibCrypto.find();
    if (openssl != null) {
      found.put(openssl.version(), suite -> new LibCryptoPacketCipher(openssl, suite));
    }
    LibGcrypt gcrypt = LibGcrypt.find();
    if (gcrypt != null) {
      found.put(gcrypt.version(), suite -> new LibGcryptPacketCipher(gcrypt, suite));
    }
    return found;
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

  /** Of what is sealed and opened again, both counted. */
  private static double gigabytesPerSecond(
      CipherSuite suite, PacketCipher cipher, MemorySegment memory) {
    SealingKey key = key(suite, new Random(2));
    long counter = 0;
    long start = System.nanoTime();
    long taken;
    do {
      for (int i = 0; i < 16; i++) {
        cipher.seal(key, counter, memory, 0, PACKET_BYTES);
        int _ = cipher.open(key, counter, memory, 0, PACKET_BYTES + PacketCipher.TAG_BYTES);
        counter++;
      }
      taken = System.nanoTime() - start;
    } while (taken < MEASURE_NANOS);
    return 2.0 * counter * PACKET_BYTES / taken;
  }
}
