package net.culvert.node.transport.wireguard;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Carries datagrams between nodes in a time of its own, which leaps from one event to the next. It
 * loses, repeats and delays them as its fields say, at random from a seed.
 */
final class SimulatedNetwork implements AutoCloseable {

  static final long SECOND = 1_000_000_000L;

  long now = 1_000 * SECOND;
  double loss;
  double duplication;
  long delayNanos = 5_000_000L;
  long jitterNanos;

  /** Every datagram that was sent. */
  int carried;

  /** Those of the last {@link #keep} that were sent, oldest first. */
  final List<Datagram> log = new ArrayList<>();

  int keep = 64;

  private final Random random;
  private final Arena arena = Arena.ofConfined();
  private final List<@Nullable SimulatedNode> nodes = new ArrayList<>();
  private final PriorityQueue<Datagram> underWay =
      new PriorityQueue<>(
          Comparator.comparingLong(Datagram::arrivesNanos).thenComparingInt(Datagram::number));

  SimulatedNetwork(long seed) {
    random = new Random(seed);
  }

  @SuppressWarnings("ArrayRecordComponent")
  record Datagram(int number, long arrivesNanos, int from, int to, byte[] bytes) {
    MessageType type(CipherSuite suite) {
      return java.util.Objects.requireNonNull(suite.typeOf(LittleEndian.i32(bytes, 0)));
    }

    @Override
    public String toString() {
      return from + " to " + to + ", " + bytes.length + " bytes";
    }
  }

  SimulatedNode add(CipherSuite suite) {
    SimulatedNode node = new SimulatedNode(this, arena, suite, nodes.size(), random);
    nodes.add(node);
    return node;
  }

  /** From now on the node is at another address, the new one; the old one is nobody's. */
  int move(SimulatedNode node) {
    for (int i = 0; i < nodes.size(); i++) {
      if (nodes.get(i) == node) {
        nodes.set(i, null);
      }
    }
    nodes.add(node);
    return nodes.size() - 1;
  }

  void carry(int from, int to, byte[] bytes) {
    int source = from;
    for (int i = 0; i < nodes.size(); i++) {
      SimulatedNode node = nodes.get(i);
      if (node != null && node.address == from) {
        source = i;
      }
    }
    carried++;
    log.add(new Datagram(carried, now, source, to, bytes.clone()));
    if (log.size() > keep) {
      log.removeFirst();
    }
    int copies = random.nextDouble() < loss ? 0 : 1;
    if (random.nextDouble() < duplication) {
      copies++;
    }
    for (int i = 0; i < copies; i++) {
      long late = jitterNanos == 0 ? 0 : random.nextLong(jitterNanos);
      underWay.add(new Datagram(carried, now + delayNanos + late, source, to, bytes.clone()));
    }
  }

  /** Lets that much time pass. */
  void pass(long nanos) {
    long end = now + nanos;
    while (true) {
      long next = Long.MAX_VALUE;
      for (SimulatedNode node : nodes) {
        if (node != null) {
          next = Math.min(next, node.turn());
        }
      }
      Datagram first = underWay.peek();
      if (first != null) {
        next = Math.min(next, first.arrivesNanos);
      }
      if (next > end) {
        now = end;
        return;
      }
      now = Math.max(now + 1, next);
      for (Datagram due = underWay.peek();
          due != null && due.arrivesNanos <= now;
          due = underWay.peek()) {
        underWay.remove();
        SimulatedNode node = due.to < nodes.size() ? nodes.get(due.to) : null;
        if (node != null) {
          node.hear(due.from, due.bytes);
        }
      }
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
