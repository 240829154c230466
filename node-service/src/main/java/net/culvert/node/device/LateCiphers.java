package net.culvert.node.device;

import java.lang.foreign.MemorySegment;
import net.culvert.node.transport.wireguard.CipherSuite;
import net.culvert.node.transport.wireguard.PacketCipher;
import net.culvert.node.transport.wireguard.SealingKey;
import org.jspecify.annotations.Nullable;

/**
 * Ciphers that are chosen when the first packet wants one, or {@link #choose} was called: what
 * seals quickest is found by linking and measuring, which a start need not wait for.
 */
final class LateCiphers implements PacketCipher.Factory {

  private final PacketCipher.Factory factory;

  LateCiphers(PacketCipher.Factory factory) {
    this.factory = factory;
  }

  /** Chooses on a thread of its own, after which no packet waits for it. */
  void choose(CipherSuite suite) {
    Thread.ofPlatform().name("ciphers").daemon().start(() -> factory.create(suite));
  }

  @Override
  public PacketCipher create(CipherSuite suite) {
    return new Late(suite);
  }

  private final class Late implements PacketCipher {

    private final CipherSuite suite;
    private @Nullable PacketCipher chosen;

    Late(CipherSuite suite) {
      this.suite = suite;
    }

    private PacketCipher chosen() {
      PacketCipher cipher = chosen;
      if (cipher == null) {
        cipher = factory.create(suite);
        chosen = cipher;
      }
      return cipher;
    }

    @Override
    public void seal(SealingKey key, long counter, MemorySegment memory, int offset, int length) {
      chosen().seal(key, counter, memory, offset, length);
    }

    @Override
    public int open(SealingKey key, long counter, MemorySegment memory, int offset, int length) {
      return chosen().open(key, counter, memory, offset, length);
    }
  }
}
