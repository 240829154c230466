package net.culvert.node.dataplane;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import net.culvert.node.packet.PacketBatch;
import net.culvert.node.transport.TransportPeer;
import org.jspecify.annotations.Nullable;

/**
 * Packets that wait until there is a session with their peer, as they were read from the device. Of
 * each peer a bounded number, of which the oldest goes when another comes; none waits longer than a
 * handshake is tried. For one outbound agent's thread.
 */
final class Staging {

  private static final int PEER_PACKETS = 128;
  private static final int PEER_BYTES = 512 * 1024;
  private static final int ALL_BYTES = 16 * 1024 * 1024;
  private static final long LONGEST_NANOS = 90_000_000_000L;

  private final Map<TransportPeer, Queue> queues = new LinkedHashMap<>();
  private int allBytes;

  @SuppressWarnings("ArrayRecordComponent")
  private record Packet(byte[] bytes, long sinceNanos) {

    @Override
    public String toString() {
      return bytes.length + " bytes";
    }
  }

  private static final class Queue {
    private final ArrayDeque<Packet> packets = new ArrayDeque<>();
    private int bytes;
  }

  boolean isEmpty() {
    return queues.isEmpty();
  }

  /**
   * Keeps a packet with the headroom before it.
   *
   * @return how many packets were dropped for it, itself perhaps
   */
  int add(TransportPeer peer, PacketBatch batch, int index, long now) {
    int bytes = PacketBatch.HEADROOM_BYTES + batch.length(index);
    Queue queue = queues.computeIfAbsent(peer, any -> new Queue());
    int dropped = 0;
    while (!queue.packets.isEmpty()
        && (queue.packets.size() >= PEER_PACKETS
            || queue.bytes + bytes > PEER_BYTES
            || allBytes + bytes > ALL_BYTES)) {
      removeOldest(queue);
      dropped++;
    }
    if (allBytes + bytes > ALL_BYTES) {
      queues.values().removeIf(each -> each.packets.isEmpty());
      return dropped + 1;
    }
    byte[] copy = new byte[bytes];
    int from = batch.offset(index) - PacketBatch.HEADROOM_BYTES;
    MemorySegment.copy(batch.memory(), ValueLayout.JAVA_BYTE, from, copy, 0, bytes);
    queue.packets.add(new Packet(copy, now));
    queue.bytes += bytes;
    allBytes += bytes;
    return dropped;
  }

  private void removeOldest(Queue queue) {
    Packet packet = queue.packets.remove();
    queue.bytes -= packet.bytes.length;
    allBytes -= packet.bytes.length;
  }

  /** Drops what has waited too long; how many packets. */
  int expire(long now) {
    int dropped = 0;
    for (Iterator<Queue> all = queues.values().iterator(); all.hasNext(); ) {
      Queue queue = all.next();
      for (Packet oldest = queue.packets.peek();
          oldest != null && now - oldest.sinceNanos >= LONGEST_NANOS;
          oldest = queue.packets.peek()) {
        removeOldest(queue);
        dropped++;
      }
      if (queue.packets.isEmpty()) {
        all.remove();
      }
    }
    return dropped;
  }

  /** A peer that has packets waiting and is ready, or null. */
  @Nullable TransportPeer find(Predicate<TransportPeer> ready) {
    for (TransportPeer peer : queues.keySet()) {
      if (ready.test(peer)) {
        return peer;
      }
    }
    return null;
  }

  /** Moves a peer's packets into the batch, as many as fit. */
  void take(TransportPeer peer, PacketBatch batch) {
    Queue queue = queues.get(peer);
    while (queue != null && batch.hasRoom()) {
      Packet packet = queue.packets.peek();
      if (packet == null) {
        break;
      }
      byte[] bytes = packet.bytes;
      int at = batch.nextOffset() - PacketBatch.HEADROOM_BYTES;
      MemorySegment.copy(bytes, 0, batch.memory(), ValueLayout.JAVA_BYTE, at, bytes.length);
      batch.append(bytes.length - PacketBatch.HEADROOM_BYTES);
      removeOldest(queue);
    }
    if (queue != null && queue.packets.isEmpty()) {
      queues.remove(peer);
    }
  }
}
