package net.culvert.node.crypto;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import net.culvert.node.transport.wireguard.CipherSuite;
import net.culvert.node.transport.wireguard.PacketCipher;
import net.culvert.node.transport.wireguard.SealingKey;
import org.jspecify.annotations.Nullable;

/**
 * By GnuPG's libgcrypt, in place, as {@link LibCryptoPacketCipher} is. Where the processor has
 * vector instructions for AES, releases of it that Debian and Ubuntu have use them and their
 * libcrypto does not yet.
 */
@SuppressWarnings(
    "ReferenceEquality") // comparing keys by their bytes would cost more than it saves
final class LibGcryptPacketCipher implements PacketCipher {

  private static final Cleaner CLEANER = Cleaner.create();

  private final LibGcrypt library;
  private final long sealing;
  private final long opening;
  private final CipherScratch scratch;
  private final long keyAddress;
  private final long nonceAddress;
  private @Nullable SealingKey sealingKey;
  private @Nullable SealingKey openingKey;

  /**
   * @throws IllegalStateException if the library does not have the suite's cipher
   */
  LibGcryptPacketCipher(LibGcrypt library, CipherSuite suite) {
    this.library = library;
    this.scratch = new CipherScratch(suite);
    this.keyAddress = scratch.keyAddress();
    this.nonceAddress = scratch.nonceAddress();
    this.sealing = open(library, suite);
    this.opening = open(library, suite);
    long sealingHandle = sealing;
    long openingHandle = opening;
    CLEANER.register(
        this,
        () -> {
          library.close(sealingHandle);
          library.close(openingHandle);
        });
    if (sealing == 0 || opening == 0) {
      throw new IllegalStateException(library.version() + " does not have " + suite.apiName());
    }
  }

  private static long open(LibGcrypt library, CipherSuite suite) {
    return suite == CipherSuite.WIREGUARD
        ? library.open(LibGcrypt.GCRY_CIPHER_CHACHA20, LibGcrypt.GCRY_CIPHER_MODE_POLY1305)
        : library.open(LibGcrypt.GCRY_CIPHER_AES256, LibGcrypt.GCRY_CIPHER_MODE_GCM);
  }

  @Override
  public void seal(SealingKey key, long counter, MemorySegment memory, int offset, int length) {
    scratch.putCounter(counter);
    long at = memory.address() + offset;
    memory.asSlice(offset, (long) length + TAG_BYTES); // The library checks no bounds.
    boolean done = key == sealingKey || use(sealing, key);
    sealingKey = key;
    done &= library.setNonce(sealing, nonceAddress, CipherScratch.NONCE_BYTES);
    done &= library.encrypt(sealing, at, length);
    done &= library.getTag(sealing, at + length, TAG_BYTES);
    if (!done) {
      sealingKey = null;
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
    boolean done = key == openingKey || use(opening, key);
    openingKey = key;
    done &= library.setNonce(opening, nonceAddress, CipherScratch.NONCE_BYTES);
    done &= library.decrypt(opening, at, inner);
    if (!done) {
      openingKey = null;
      throw new IllegalStateException("the cipher refused to open");
    }
    return library.checkTag(opening, at + inner, TAG_BYTES) ? inner : FORGED;
  }

  private boolean use(long handle, SealingKey key) {
    scratch.putKey(key);
    boolean taken = library.setKey(handle, keyAddress, CipherScratch.KEY_BYTES);
    scratch.forgetKey();
    return taken;
  }
}
