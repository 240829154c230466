package net.culvert.node.transport.wireguard;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.random.RandomGenerator;

/**
 * The opposite of a random source: every key that is asked for is one byte repeated, of a list that
 * is given; every number is {@link #INT}, no wait is longer than it must be.
 */
final class KnownRandom implements RandomGenerator {

  static final int INT = 0x1234;

  private final Queue<Integer> fillings = new ArrayDeque<>();

  KnownRandom(Integer... fillings) {
    this.fillings.addAll(Arrays.asList(fillings));
  }

  static byte[] filled(int value) {
    byte[] bytes = new byte[KeyText.KEY_BYTES];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  @Override
  public void nextBytes(byte[] bytes) {
    Arrays.fill(bytes, fillings.remove().byteValue());
  }

  @Override
  public int nextInt() {
    return INT;
  }

  @Override
  public long nextLong() {
    return 0;
  }
}
