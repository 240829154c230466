package net.culvert.node.transport.wireguard;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often one address gets something while too many ask: handshakes {@value #A_SECOND} times a
 * second, and {@value #BURST} at once. It remembers a bounded number of addresses, the latest. One
 * thread.
 */
final class InitiationRate {

  static final int A_SECOND = 20;
  static final int BURST = 5;
  private static final int ADDRESSES = 4096;

  /** An IPv6 address counts by its network: whoever has one has them all. */
  private static final int NETWORK_BYTES = 8;

  private final long eachNanos;

  InitiationRate() {
    this(A_SECOND);
  }

  InitiationRate(int aSecond) {
    this.eachNanos = 1_000_000_000L / aSecond;
  }

  /** Until when what an address had so far is paid for. */
  private final Map<ByteBuffer, Long> paid =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Long> eldest) {
          return size() > ADDRESSES;
        }
      };

  /**
   * @param source address and port, of which the address counts
   */
  boolean allows(byte[] source, long now) {
    int address = Math.min(source.length - 2, NETWORK_BYTES);
    ByteBuffer key = ByteBuffer.wrap(Arrays.copyOf(source, address));
    Long until = paid.get(key);
    long from = until == null || until - now < 0 ? now : until;
    if (from - now > (BURST - 1) * eachNanos) {
      return false;
    }
    paid.put(key, from + eachNanos);
    return true;
  }
}
