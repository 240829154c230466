package net.culvert.node.kernel.tun;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import net.culvert.api.value.LinkName;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.sys.FileDescriptor;
import net.culvert.node.packet.GatherList;
import net.culvert.node.packet.OffloadHeader;
import net.culvert.node.packet.PacketBatch;
import org.jspecify.annotations.Nullable;

/**
 * A TUN device without a kernel: a test is the stack on its other side. Bounded like a device's
 * queue; thread-safe.
 */
public final class MemoryTun implements TunDevice {

  private static final int MAX_QUEUED = 10_000;

  private final LinkName name;
  private final List<MemoryQueue> queues = new ArrayList<>();
  private boolean up = true;
  private boolean gone;
  private int refusal;
  private boolean refusesSuperPackets;
  private final int offloads;
  private boolean closed;

  public MemoryTun(String name, int queueCount) {
    this(name, queueCount, 0);
  }

  /** With offloads, of {@code TUN_F_*}, packets have their 10 bytes of header each way. */
  public MemoryTun(String name, int queueCount, int offloads) {
    this.offloads = offloads;
    this.name = LinkName.parse(name);
    for (int i = 0; i < queueCount; i++) {
      queues.add(new MemoryQueue());
    }
  }

  /** The stack sends a packet: it will be read from the first queue. */
  public synchronized void send(byte[] packet) {
    send(0, packet);
  }

  public synchronized void send(int queue, byte[] packet) {
    Queue<byte[]> waiting = queues.get(queue).toReader;
    if (up && waiting.size() < MAX_QUEUED) {
      waiting.add(packet.clone());
    }
  }

  /** What was written and not taken yet, oldest first. */
  public synchronized List<byte[]> takeWritten() {
    List<byte[]> taken = new ArrayList<>();
    for (MemoryQueue queue : queues) {
      taken.addAll(queue.written);
      queue.written.clear();
    }
    return taken;
  }

  /** A link that is down refuses what is written. */
  public synchronized void setUp(boolean isUp) {
    up = isUp;
  }

  /** Every write is answered by this error number; 0 ends it. */
  public synchronized void refuseWrites(int errno) {
    refusal = errno;
  }

  /** As some kernels do although they take the header. */
  public synchronized void refuseSuperPackets(boolean refuses) {
    refusesSuperPackets = refuses;
  }

  /** As if the link were deleted. */
  public synchronized void setGone(boolean isGone) {
    gone = isGone;
  }

  public synchronized boolean isClosed() {
    return closed;
  }

  @Override
  public LinkName name() {
    return name;
  }

  @Override
  public int queueCount() {
    return queues.size();
  }

  @Override
  public TunQueue queue(int index) {
    return queues.get(index);
  }

  @Override
  public int offloads() {
    return offloads;
  }

  @Override
  public void persist() {
    // In memory there is nothing to outlive.
  }

  @Override
  public void readOnly(int wanted) {
    // A test sends what it likes.
  }

  @Override
  public synchronized void close() {
    closed = true;
  }

  private final class MemoryQueue implements TunQueue {

    private final Queue<byte[]> toReader = new ArrayDeque<>();
    private final Queue<byte[]> written = new ArrayDeque<>();

    @Override
    public int offloadHeaderBytes() {
      return offloads == 0 ? 0 : OffloadHeader.BYTES;
    }

    @Override
    public int read(PacketBatch batch) {
      synchronized (MemoryTun.this) {
        if (gone) {
          return -Errno.EBADFD;
        }
        int count = 0;
        while (batch.hasRoom() && !toReader.isEmpty()) {
          byte[] packet = toReader.remove();
          int header = offloadHeaderBytes();
          int at = batch.nextOffset() - header;
          MemorySegment.copy(packet, 0, batch.memory(), ValueLayout.JAVA_BYTE, at, packet.length);
          batch.append(packet.length - header);
          count++;
        }
        return count;
      }
    }

    @Override
    public int write(GatherList pieces, int first, int count) {
      byte[] packet = Gathered.bytes(pieces, first, count);
      synchronized (MemoryTun.this) {
        if (!up) {
          return -Errno.EIO;
        }
        if (gone || refusal != 0) {
          return -(gone ? Errno.EBADFD : refusal);
        }
        int header = offloadHeaderBytes();
        int version = packet.length >= header + 20 ? packet[header] >> 4 : 0;
        boolean isSuper = header != 0 && packet[1] != 0;
        if (version != 4 && version != 6 || isSuper && refusesSuperPackets) {
          return -Errno.EINVAL;
        }
        if (written.size() < MAX_QUEUED) {
          written.add(packet);
        }
        return packet.length;
      }
    }

    @Override
    public @Nullable FileDescriptor descriptor() {
      return null;
    }
  }
}
