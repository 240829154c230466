package net.culvert.node.crypto;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import net.culvert.node.transport.wireguard.CipherSuite;
import net.culvert.node.transport.wireguard.PacketCipher;
import net.culvert.node.transport.wireguard.SealingKey;
import org.jspecify.annotations.Nullable;

/**
 * By OpenSSL's libcrypto, in place: no copies, nothing allocated, and as quick for the first packet
 * as for the millionth.
 */
@SuppressWarnings(
    "ReferenceEquality") // comparing keys by their bytes would cost more than it saves
final class LibCryptoPacketCipher implements PacketCipher {

  private static final Cleaner CLEANER = Cleaner.create();

  private final LibCrypto library;
  private final long sealing;
  private final long opening;
  private final CipherScratch scratch;
  private final long keyAddress;
  private final long nonceAddress;
  private final long writtenAddress;
  private @Nullable SealingKey sealingKey;
  private @Nullable SealingKey openingKey;

  /**
   * @throws IllegalStateException if the library does not have the suite's cipher
   */
  LibCryptoPacketCipher(LibCrypto library, CipherSuite suite) {
    this.library = library;
    this.scratch = new CipherScratch(suite);
    this.keyAddress = scratch.keyAddress();
    this.nonceAddress = scratch.nonceAddress();
    this.writtenAddress = scratch.writtenAddress();
    String name = suite == CipherSuite.WIREGUARD ? "ChaCha20-Poly1305" : "AES-256-GCM";
    long cipher = library.fetch(name);
    this.sealing = library.newContext();
    this.opening = library.newContext();
    long sealingContext = sealing;
    long openingContext = opening;
    CLEANER.register(
        this,
        () -> {
          library.free(sealingContext);
          library.free(openingContext);
        });
    boolean made =
        cipher != 0
            && sealing != 0
            && opening != 0
            && library.encryptInit(sealing, cipher, 0, 0)
            && library.decryptInit(opening, cipher, 0, 0);
    if (!made) {
      throw new IllegalStateException(library.version() + " makes no " + name);
    }
  }

  @Override
  public void seal(SealingKey key, long counter, MemorySegment memory, int offset, int length) {
    scratch.putCounter(counter);
    long at = memory.address() + offset;
    memory.asSlice(offset, (long) length + TAG_BYTES); // The library checks no bounds.
    boolean done =
        key == sealingKey
            ? library.encryptInit(sealing, 0, 0, nonceAddress)
            : library.encryptInit(sealing, 0, putKey(key), nonceAddress);
    if (key != sealingKey) {
      scratch.forgetKey();
      sealingKey = key;
    }
    done &= library.encryptUpdate(sealing, at, writtenAddress, at, length);
    done &= library.encryptFinal(sealing, at + length, writtenAddress);
    done &= library.control(sealing, LibCrypto.EVP_CTRL_AEAD_GET_TAG, TAG_BYTES, at + length);
    if (!done) {
      throw new IllegalStateException("the cipher refused to seal");
    }
  }

  @Override
  public int open(SealingKey key, long counter, MemorySegment memory, int offset, int length) {
    int inner = length - TAG_BYTES;
    if (inner < 0) {
      return FORGED;
    }
    scratch.putCounter(counter);
    long at = memory.address() + offset;
    memory.asSlice(offset, length); // The library checks no bounds.
    boolean done =
        key == openingKey
            ? library.decryptInit(opening, 0, 0, nonceAddress)
            : library.decryptInit(opening, 0, putKey(key), nonceAddress);
    if (key != openingKey) {
      scratch.forgetKey();
      openingKey = key;
    }
    done &= library.control(opening, LibCrypto.EVP_CTRL_AEAD_SET_TAG, TAG_BYTES, at + inner);
    done &= library.decryptUpdate(opening, at, writtenAddress, at, inner);
    if (!done) {
      throw new IllegalStateException("the cipher refused to open");
    }
    return library.decryptFinal(opening, at + inner, writtenAddress) ? inner : FORGED;
  }

  private long putKey(SealingKey key) {
    scratch.putKey(key);
    return keyAddress;
  }
}
