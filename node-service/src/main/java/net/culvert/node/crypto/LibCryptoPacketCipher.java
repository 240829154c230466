package net.culvert.node.crypto;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Cleaner;
import java.nio.ByteOrder;
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

  /** Keys come in many lengths and these are of one. */
  private static final int KEY_BYTES = 32;

  private static final int NONCE_AT = KEY_BYTES;
  private static final int COUNTER_AT = NONCE_AT + 4;
  private static final int WRITTEN_AT = 48;
  private static final int SCRATCH_BYTES = 64;

  private final LibCrypto library;
  private final long sealing;
  private final long opening;
  private final MemorySegment scratch = Arena.ofAuto().allocate(SCRATCH_BYTES, 64);
  private final long keyAddress = scratch.address();
  private final long nonceAddress = keyAddress + NONCE_AT;
  private final long writtenAddress = keyAddress + WRITTEN_AT;
  private final ValueLayout.OfLong counterLayout;
  private @Nullable SealingKey sealingKey;
  private @Nullable SealingKey openingKey;

  /**
   * @throws IllegalStateException if the library does not have the suite's cipher
   */
  LibCryptoPacketCipher(LibCrypto library, CipherSuite suite) {
    this.library = library;
    boolean chacha = suite == CipherSuite.WIREGUARD;
    this.counterLayout =
        ValueLayout.JAVA_LONG_UNALIGNED.withOrder(
            chacha ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    String name = chacha ? "ChaCha20-Poly1305" : "AES-256-GCM";
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
    scratch.set(counterLayout, COUNTER_AT, counter);
    long at = memory.address() + offset;
    memory.asSlice(offset, (long) length + TAG_BYTES); // The library checks no bounds.
    boolean done =
        key == sealingKey
            ? library.encryptInit(sealing, 0, 0, nonceAddress)
            : library.encryptInit(sealing, 0, putKey(key), nonceAddress);
    if (key != sealingKey) {
      forgetKey();
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
    scratch.set(counterLayout, COUNTER_AT, counter);
    long at = memory.address() + offset;
    memory.asSlice(offset, length); // The library checks no bounds.
    boolean done =
        key == openingKey
            ? library.decryptInit(opening, 0, 0, nonceAddress)
            : library.decryptInit(opening, 0, putKey(key), nonceAddress);
    if (key != openingKey) {
      forgetKey();
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
    key.copyTo(scratch, 0);
    return keyAddress;
  }

  private void forgetKey() {
    scratch.asSlice(0, KEY_BYTES).fill((byte) 0);
  }
}
