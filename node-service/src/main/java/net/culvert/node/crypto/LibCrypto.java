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
 * The few functions of OpenSSL's libcrypto 3 that packets need, with its own names ({@code
 * openssl/evp.h}). Addresses are passed as numbers. Any thread; a context is for one at a time.
 *
 * <p>The calls a packet takes are short and call nothing back, so they are linked as critical: the
 * thread stays, to the JVM, where it was.
 */
@SuppressWarnings("restricted") // what calls a native library is
final class LibCrypto {

  static final int EVP_CTRL_AEAD_GET_TAG = 0x10;
  static final int EVP_CTRL_AEAD_SET_TAG = 0x11;

  private static final String SONAME = "libcrypto.so.3";
  private static final int OPENSSL_VERSION = 0;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final @Nullable LibCrypto INSTANCE = load();

  private final MethodHandle cipherFetch;
  private final MethodHandle contextNew;
  private final MethodHandle contextFree;
  private final MethodHandle contextControl;
  private final MethodHandle encryptInit;
  private final MethodHandle encryptUpdate;
  private final MethodHandle encryptFinal;
  private final MethodHandle decryptInit;
  private final MethodHandle decryptUpdate;
  private final MethodHandle decryptFinal;
  private final String version;

  private LibCrypto(SymbolLookup library) {
    FunctionDescriptor init = FunctionDescriptor.of(INT, LONG, LONG, LONG, LONG, LONG);
    FunctionDescriptor update = FunctionDescriptor.of(INT, LONG, LONG, LONG, LONG, INT);
    FunctionDescriptor last = FunctionDescriptor.of(INT, LONG, LONG, LONG);
    cipherFetch = link(library, "EVP_CIPHER_fetch", FunctionDescriptor.of(LONG, LONG, LONG, LONG));
    contextNew = link(library, "EVP_CIPHER_CTX_new", FunctionDescriptor.of(LONG));
    contextFree = link(library, "EVP_CIPHER_CTX_free", FunctionDescriptor.ofVoid(LONG));
    contextControl =
        critical(library, "EVP_CIPHER_CTX_ctrl", FunctionDescriptor.of(INT, LONG, INT, INT, LONG));
    encryptInit = critical(library, "EVP_EncryptInit_ex", init);
    encryptUpdate = critical(library, "EVP_EncryptUpdate", update);
    encryptFinal = critical(library, "EVP_EncryptFinal_ex", last);
    decryptInit = critical(library, "EVP_DecryptInit_ex", init);
    decryptUpdate = critical(library, "EVP_DecryptUpdate", update);
    decryptFinal = critical(library, "EVP_DecryptFinal_ex", last);
    version = version(link(library, "OpenSSL_version", FunctionDescriptor.of(LONG, INT)));
  }

  private static @Nullable LibCrypto load() {
    try {
      return new LibCrypto(SymbolLookup.libraryLookup(SONAME, Arena.global()));
    } catch (IllegalArgumentException | NoSuchElementException e) {
      return null;
    }
  }

  /** The library, or null where the machine has none. */
  static @Nullable LibCrypto find() {
    return INSTANCE;
  }

  private static MethodHandle link(SymbolLookup library, String name, FunctionDescriptor type) {
    return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), type);
  }

  private static MethodHandle critical(SymbolLookup library, String name, FunctionDescriptor type) {
    return Linker.nativeLinker()
        .downcallHandle(library.findOrThrow(name), type, Linker.Option.critical(false));
  }

  private static String version(MethodHandle function) {
    try {
      long text = (long) function.invokeExact(OPENSSL_VERSION);
      return MemorySegment.ofAddress(text).reinterpret(256).getString(0);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** As it calls itself. */
  String version() {
    return version;
  }

  /** A cipher by its name, or 0 if the library has none of that name. */
  long fetch(String name) {
    try (Arena arena = Arena.ofConfined()) {
      return (long) cipherFetch.invokeExact(0L, arena.allocateFrom(name).address(), 0L);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** A context; 0 if there is no memory for one. */
  long newContext() {
    try {
      return (long) contextNew.invokeExact();
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Overwrites and frees a context. */
  void free(long context) {
    try {
      contextFree.invokeExact(context);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  boolean control(long context, int command, int number, long address) {
    try {
      return (int) contextControl.invokeExact(context, command, number, address) == 1;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  boolean encryptInit(long context, long cipher, long key, long nonce) {
    try {
      return (int) encryptInit.invokeExact(context, cipher, 0L, key, nonce) == 1;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  boolean encryptUpdate(long context, long out, long written, long in, int length) {
    try {
      return (int) encryptUpdate.invokeExact(context, out, written, in, length) == 1;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  boolean encryptFinal(long context, long out, long written) {
    try {
      return (int) encryptFinal.invokeExact(context, out, written) == 1;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  boolean decryptInit(long context, long cipher, long key, long nonce) {
    try {
      return (int) decryptInit.invokeExact(context, cipher, 0L, key, nonce) == 1;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  boolean decryptUpdate(long context, long out, long written, long in, int length) {
    try {
      return (int) decryptUpdate.invokeExact(context, out, written, in, length) == 1;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  boolean decryptFinal(long context, long out, long written) {
    try {
      return (int) decryptFinal.invokeExact(context, out, written) == 1;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static IllegalStateException unexpected(Throwable e) {
    return new IllegalStateException("a call of " + SONAME + " could not be made", e);
  }
}
