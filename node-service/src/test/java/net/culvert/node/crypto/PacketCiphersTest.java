package net.culvert.node.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import net.culvert.node.transport.wireguard.CipherSuite;
import net.culvert.node.transport.wireguard.PacketCipher;
import net.culvert.node.transport.wireguard.SealingKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever was chosen seals as the JDK does, and tells forgeries. */
class PacketCiphersTest {

  private static final int LENGTH = 1421;

  private final PacketCiphers ciphers = new PacketCiphers();

  private static SealingKey key(CipherSuite suite, int first) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) first;
    return new SealingKey(suite, bytes);
  }

  /** What this machine has, each with each suite. */
  static Stream<Arguments> each() {
    LibCrypto openssl = LibCrypto.find();
    LibGcrypt gcrypt = LibGcrypt.find();
    return Arrays.stream(CipherSuite.values())
        .flatMap(suite -> {
          Stream.Builder<Arguments> found = Stream.builder();
          found.add(Arguments.of("chosen", suite, new PacketCiphers().create(suite)));
          if (openssl != null) {
            found.add(
                Arguments.of(openssl.version(), suite, new LibCryptoPacketCipher(openssl, suite)));
          }
          if (gcrypt != null) {
            found.add(
                Arguments.of(gcrypt.version(), suite, new LibGcryptPacketCipher(gcrypt, suite)));
          }
          return found.build();
        });
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("each")
  void keysMayAlternate(String name, CipherSuite suite, PacketCipher chosen) {
    PacketCipher jdk = PacketCipher.Factory.JDK.create(suite);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(LENGTH + PacketCipher.TAG_BYTES);
      SealingKey one = key(suite, 1);
      SealingKey two = key(suite, 2);
      for (int i = 0; i < 100; i++) {
        SealingKey key = i % 3 == 0 ? one : two;
        SealingKey other = i % 3 == 0 ? two : one;
        memory.fill((byte) i);
        chosen.seal(key, i, memory, 0, LENGTH);
        assertThat(jdk.open(key, i, memory, 0, LENGTH + PacketCipher.TAG_BYTES)).isEqualTo(LENGTH);
        jdk.seal(key, 1000 + i, memory, 0, LENGTH);
        assertThat(chosen.open(other, 1000 + i, memory, 0, LENGTH + 16))
            .isEqualTo(PacketCipher.FORGED);
      }
      assertThat(chosen.open(one, 1, memory, 0, PacketCipher.TAG_BYTES - 1))
          .isEqualTo(PacketCipher.FORGED);
    }
  }

  @ParameterizedTest
  @EnumSource(CipherSuite.class)
  void tellsWhatItFound(CipherSuite suite) {
    String words = ciphers.inWords(suite);
    assertThat(words).contains("the JDK's", "GB/s").doesNotContain("because");
    assertThat(words.contains("OpenSSL")).isEqualTo(LibCrypto.find() != null);
    assertThat(words.contains("libgcrypt")).isEqualTo(LibGcrypt.find() != null);
  }

  /** The nonce of counter 0 is zero in both suites, and these are what others say of that. */
  @Test
  void knownAnswers() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(32);
      byte[] zeros = new byte[32];
      ciphers
          .create(CipherSuite.CULVERT_AES)
          .seal(new SealingKey(CipherSuite.CULVERT_AES, zeros), 0, memory, 0, 16);
      // NIST's GCM test case 14.
      assertThat(HexFormat.of().formatHex(memory.toArray(ValueLayout.JAVA_BYTE)))
          .isEqualTo("cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
    }
  }
}
