package net.culvert.node.transport.wireguard;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers in arrays, least significant byte first, as WireGuard's messages have them. */
final class LittleEndian {

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private LittleEndian() {}

  static int i32(byte[] array, int offset) {
    return (int) INT.get(array, offset);
  }

  static long i64(byte[] array, int offset) {
    return (long) LONG.get(array, offset);
  }

  static void putI32(byte[] array, int offset, int value) {
    INT.set(array, offset, value);
  }

  static void putI64(byte[] array, int offset, long value) {
    LONG.set(array, offset, value);
  }
}
