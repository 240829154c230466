package net.culvert.node.crypto;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The few functions of GnuPG's libgcrypt that packets need, with its own names ({@code gcrypt.h},
 * the Libgcrypt Reference Manual). Addresses are passed as numbers. Any thread; a handle is for one
 * at a time.
 *
 * <p>Linked as {@link LibCrypto}'s are, and for the same reason.
 */
@SuppressWarnings("restricted") // what calls a native library is
final class LibGcrypt {

  static final int GCRY_CIPHER_AES256 = 9;
  static final int GCRY_CIPHER_CHACHA20 = 316;
  static final int GCRY_CIPHER_MODE_GCM = 9;
  static final int GCRY_CIPHER_MODE_POLY1305 = 10;

  private static final String SONAME = "libgcrypt.so.20";
  private static final int GCRYCTL_DISABLE_SECMEM = 37;
  private static final int GCRYCTL_INITIALIZATION_FINISHED = 38;
  private static final int GCRYCTL_INITIALIZATION_FINISHED_P = 39;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final @Nullable LibGcrypt INSTANCE = load();

  private final MethodHandle open;
  private final MethodHandle close;
  private final MethodHandle setKey;
  private final MethodHandle setNonce;
  private final MethodHandle encrypt;
  private final MethodHandle decrypt;
  private final MethodHandle getTag;
  private final MethodHandle checkTag;
  private final String version;

  private LibGcrypt(SymbolLookup library) {
    FunctionDescriptor bytes = FunctionDescriptor.of(INT, LONG, LONG, LONG);
    FunctionDescriptor crypt = FunctionDescriptor.of(INT, LONG, LONG, LONG, LONG, LONG);
    version = begin(library);
    open = link(library, "gcry_cipher_open", FunctionDescriptor.of(INT, LONG, INT, INT, INT));
    close = link(library, "gcry_cipher_close", FunctionDescriptor.ofVoid(LONG));
    setKey = critical(library, "gcry_cipher_setkey", bytes);
    setNonce = critical(library, "gcry_cipher_setiv", bytes);
    encrypt = critical(library, "gcry_cipher_encrypt", crypt);
    decrypt = critical(library, "gcry_cipher_decrypt", crypt);
    getTag = critical(library, "gcry_cipher_gettag", bytes);
    checkTag = critical(library, "gcry_cipher_checktag", bytes);
  }

  private static @Nullable LibGcrypt load() {
    try {
      return new LibGcrypt(SymbolLookup.libraryLookup(SONAME, Arena.global()));
    } catch (IllegalArgumentException | NoSuchElementException e) {
      return null;
    }
  }

  /** The library, or null where the machine has none. */
  static @Nullable LibGcrypt find() {
    return INSTANCE;
  }

  /**
   * The manual wants its version asked for before all else, and to be told that it is ready. Keys
   * are not kept in its locked memory, of which there would be too little for many tunnels.
   */
  private static String begin(SymbolLookup library) {
    MethodHandle check = link(library, "gcry_check_version", FunctionDescriptor.of(LONG, LONG));
    MethodHandle control =
        Linker.nativeLinker()
            .downcallHandle(
                library.findOrThrow("gcry_control"),
                FunctionDescriptor.of(INT, INT, INT),
                Linker.Option.firstVariadicArg(1));
    try {
      long text = (long) check.invokeExact(0L);
      if ((int) control.invokeExact(GCRYCTL_INITIALIZATION_FINISHED_P, 0) == 0) {
        int _ = (int) control.invokeExact(GCRYCTL_DISABLE_SECMEM, 0);
        int _ = (int) control.invokeExact(GCRYCTL_INITIALIZATION_FINISHED, 0);
      }
      return "libgcrypt " + MemorySegment.ofAddress(text).reinterpret(64).getString(0);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static MethodHandle link(SymbolLookup library, String name, FunctionDescriptor type) {
    return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), type);
  }

  private static MethodHandle critical(SymbolLookup library, String name, FunctionDescriptor type) {
    return Linker.nativeLinker()
        .downcallHandle(library.findOrThrow(name), type, Linker.Option.critical(false));
  }

  /** As it calls itself. */
  String version() {
    return version;
  }

  /** A handle; 0 if the library has no such cipher, or no memory. */
  long open(int algorithm, int mode) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment handle = arena.allocate(LONG);
      int error = (int) open.invokeExact(handle.address(), algorithm, mode, 0);
      return error == 0 ? handle.get(LONG, 0) : 0;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Overwrites and frees a handle. */
  void close(long handle) {
    try {
      close.invokeExact(handle);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  boolean setKey(long handle, long key, long length) {
    try {
      return (int) setKey.invokeExact(handle, key, length) == 0;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  boolean setNonce(long handle, long nonce, long length) {
    try {
      return (int) setNonce.invokeExact(handle, nonce, length) == 0;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** In place. */
  boolean encrypt(long handle, long address, long length) {
    try {
      return (int) encrypt.invokeExact(handle, address, length, 0L, 0L) == 0;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** In place; says nothing of the tag. */
  boolean decrypt(long handle, long address, long length) {
    try {
      return (int) decrypt.invokeExact(handle, address, length, 0L, 0L) == 0;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  boolean getTag(long handle, long address, long length) {
    try {
      return (int) getTag.invokeExact(handle, address, length) == 0;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Compares in constant time. */
  boolean checkTag(long handle, long address, long length) {
    try {
      return (int) checkTag.invokeExact(handle, address, length) == 0;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static IllegalStateException unexpected(Throwable e) {
    return new IllegalStateException("a call of " + SONAME + " could not be made", e);
  }
}
