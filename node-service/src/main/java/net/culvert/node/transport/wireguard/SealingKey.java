package net.culvert.node.transport.wireguard;

import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import javax.crypto.SecretKey;

/**
 * A key of 32 bytes that seals one direction of a session, or one field of a handshake, and can be
 * overwritten when that is over. Whoever uses it then gets {@link Destroyed} and never a key of
 * zeros, on whatever thread. Compared by identity; it never shows itself but to ciphers.
 */
public final class SealingKey implements SecretKey {

  private static final long serialVersionUID = 1;

  private final CipherSuite suite;
  private final transient byte[] bytes;
  private transient boolean destroyed;

  /**
   * @param bytes 32 of them, copied
   */
  public SealingKey(CipherSuite suite, byte[] bytes) {
    this.suite = suite;
    this.bytes = KeyText.checked(bytes);
  }

  /** What is under way with a key is over when this is thrown; nothing was sealed. */
  public static final class Destroyed extends IllegalStateException {

    private static final long serialVersionUID = 1;

    Destroyed() {
      super("the key was destroyed");
    }
  }

  @Override
  public String getAlgorithm() {
    return suite == CipherSuite.WIREGUARD ? "ChaCha20" : "AES";
  }

  @Override
  public String getFormat() {
    return "RAW";
  }

  /**
   * A copy, which is the caller's to overwrite.
   *
   * @throws Destroyed if it was
   */
  @Override
  public synchronized byte[] getEncoded() {
    check();
    return bytes.clone();
  }

  /**
   * Writes the 32 bytes into memory.
   *
   * @throws Destroyed if it was
   */
  public synchronized void copyTo(MemorySegment memory, long offset) {
    check();
    MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, offset, bytes.length);
  }

  /**
   * Does nothing with a key that is still good.
   *
   * @throws Destroyed if it was
   */
  synchronized void check() {
    if (destroyed) {
      throw new Destroyed();
    }
  }

  /** Overwrites it; twice is harmless. */
  @Override
  public synchronized void destroy() {
    destroyed = true;
    Arrays.fill(bytes, (byte) 0);
  }

  @Override
  public synchronized boolean isDestroyed() {
    return destroyed;
  }

  /** The bytes themselves, to see that they were overwritten. */
  byte[] bytes() {
    return bytes;
  }

  private void writeObject(ObjectOutputStream out) throws NotSerializableException {
    throw new NotSerializableException("a key is not written anywhere");
  }

  @Override
  public String toString() {
    return "sealing key";
  }
}
