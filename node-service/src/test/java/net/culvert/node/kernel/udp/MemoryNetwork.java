package net.culvert.node.kernel.udp;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import net.culvert.api.value.Family;
import net.culvert.api.value.IpAddress;
import net.culvert.api.value.ListenAddress;
import net.culvert.node.kernel.sys.FileDescriptor;
import net.culvert.node.kernel.tun.Gathered;
import org.jspecify.annotations.Nullable;

/**
 * An underlay in memory: hosts with addresses, sockets on them, and datagrams between. Thread-safe.
 */
public final class MemoryNetwork {

  private static final int MAX_QUEUED = 10_000;

  private final List<MemorySocket> sockets = new ArrayList<>();
  private final List<byte[]> sent = new ArrayList<>();

  /** A socket of a host that has the given address; the socket may listen on the wildcard. */
  public synchronized MemorySocket open(String hostAddress, String listen) {
    MemorySocket socket =
        new MemorySocket(IpAddress.parse(hostAddress), ListenAddress.parse(listen));
    sockets.add(socket);
    return socket;
  }

  /** A datagram from somewhere that has no socket here. */
  public synchronized void inject(UdpEndpoint from, UdpEndpoint to, byte[] datagram) {
    deliver(from, to, datagram);
  }

  /** Every datagram that was sent and not taken yet. */
  public synchronized List<byte[]> takeSent() {
    List<byte[]> taken = List.copyOf(sent);
    sent.clear();
    return taken;
  }

  private void deliver(UdpEndpoint from, UdpEndpoint to, byte[] datagram) {
    for (MemorySocket socket : sockets) {
      if (socket.hears(to)) {
        if (socket.waiting.size() >= MAX_QUEUED) {
          socket.queueDrops++;
        } else {
          socket.waiting.add(new Datagram(from, to.address(), datagram));
        }
        return;
      }
    }
  }

  private static final class Datagram {
    private final UdpEndpoint from;
    private final IpAddress to;
    private final byte[] bytes;

    Datagram(UdpEndpoint from, IpAddress to, byte[] bytes) {
      this.from = from;
      this.to = to;
      this.bytes = bytes;
    }
  }

  /** One socket. */
  public final class MemorySocket implements DatagramBatchSocket {

    private final IpAddress host;
    private final ListenAddress local;
    private final Queue<Datagram> waiting = new ArrayDeque<>();
    private final Queue<Integer> refusals = new ArrayDeque<>();
    private long queueDrops;
    private boolean closed;

    MemorySocket(IpAddress host, ListenAddress local) {
      this.host = host;
      this.local = local;
    }

    private boolean hears(UdpEndpoint to) {
      return !closed
          && to.port() == local.port()
          && to.family() == local.family()
          && (local.address().equals(to.address())
              || local.address().isUnspecified() && host.equals(to.address()));
    }

    /** The next sends are refused with these error numbers, one each. */
    public void refuse(int... errnos) {
      synchronized (MemoryNetwork.this) {
        for (int errno : errnos) {
          refusals.add(errno);
        }
      }
    }

    /** Loses what has come and was not received; tells how many datagrams. */
    public int discardWaiting() {
      synchronized (MemoryNetwork.this) {
        int count = waiting.size();
        waiting.clear();
        return count;
      }
    }

    public boolean isClosed() {
      synchronized (MemoryNetwork.this) {
        return closed;
      }
    }

    @Override
    public ListenAddress local() {
      return local;
    }

    @Override
    public int receive(ReceiveBatch batch) {
      synchronized (MemoryNetwork.this) {
        batch.clear();
        while (batch.size() < batch.capacity() && !waiting.isEmpty()) {
          Datagram next = waiting.remove();
          int slot = batch.offset(batch.size());
          int length = Math.min(next.bytes.length, ReceiveBatch.SLOT_BYTES);
          MemorySegment.copy(next.bytes, 0, batch.memory(), ValueLayout.JAVA_BYTE, slot, length);
          batch.append(length, length, length < next.bytes.length);
          IpAddress from = next.from.address();
          batch.setSource(
              from.family(), from.high(), from.low(), next.from.port(), next.from.scopeId());
          batch.setLocal(next.to.high(), next.to.low());
        }
        return batch.size();
      }
    }

    @Override
    public int send(SendBatch batch, int first) {
      synchronized (MemoryNetwork.this) {
        int message = first;
        for (; message < batch.size(); message++) {
          Integer errno = refusals.poll();
          if (errno != null && errno != 0) {
            if (message > first) {
              refusals.add(errno);
              return message - first;
            }
            return -errno;
          }
          sendOne(batch, message);
        }
        return message - first;
      }
    }

    private void sendOne(SendBatch batch, int message) {
      byte[] bytes =
          Gathered.bytes(batch.pieces(), batch.firstPiece(message), batch.pieceCount(message));
      IpAddress source = batch.source(message);
      IpAddress wildcard = local.address().isUnspecified() ? host : local.address();
      UdpEndpoint from = new UdpEndpoint(source == null ? wildcard : source, local.port());
      int each = batch.datagramBytes(message);
      for (int at = 0; at < bytes.length; at += each) {
        byte[] datagram = new byte[Math.min(each, bytes.length - at)];
        System.arraycopy(bytes, at, datagram, 0, datagram.length);
        sent.add(datagram);
        deliver(from, batch.destination(message), datagram);
      }
    }

    @Override
    public boolean awaitSendable(int timeoutMillis) {
      return true;
    }

    @Override
    public @Nullable FileDescriptor descriptor() {
      return null;
    }

    @Override
    public boolean receivesTrains() {
      return false;
    }

    @Override
    public BufferSizes bufferSizes() {
      return new BufferSizes(0, 0, 0, 0);
    }

    @Override
    public long receiveQueueDrops() {
      synchronized (MemoryNetwork.this) {
        return queueDrops;
      }
    }

    @Override
    public void close() {
      synchronized (MemoryNetwork.this) {
        closed = true;
      }
    }

    @Override
    public Family family() {
      return local.family();
    }

    @Override
    public String toString() {
      return "memory UDP " + local;
    }
  }
}
