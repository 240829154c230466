package net.culvert.node.dataplane;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import net.culvert.api.value.Family;
import net.culvert.api.value.IpAddress;
import net.culvert.node.kernel.udp.ReceiveBatch;
import net.culvert.node.transport.Conversation;
import net.culvert.node.transport.TransportPeer;
import org.jspecify.annotations.Nullable;

/**
 * Carries a transport's conversation between the agents: messages from the inbound agents to the
 * conductor, which alone works with public keys, and from there to the outbound agent of the first
 * queue, which alone sends.
 *
 * <p>Both ways are bounded. What comes is copied into slots that are there from the start, so that
 * a flood of it costs no memory.
 */
final class ControlMessages implements Conversation.Output {

  /** Messages that wait for the conductor. */
  static final int MAX_INBOX = 4096;

  /**
   * From so many waiting on, senders first prove where they are. That is what the conductor does in
   * a third of a second: all of a thousand peers that begin at once are answered before it is asked
   * of anybody, since who is asked comes again only after five seconds.
   */
  static final int LOAD = MAX_INBOX / 4;

  /** Messages that wait to be sent; more are lost, as on any network. */
  static final int MAX_OUTBOX = 4096;

  /** Messages that one turn takes, so that timers and commands are not held up. */
  private static final int A_TURN = 64;

  /** After the last moment of load senders prove where they are for so long. */
  private static final long LOAD_NANOS = 1_000_000_000L;

  /**
   * Under load the conductor comes so often and is not woken: waking it for each message of a flood
   * would cost more than the message.
   */
  private static final long LOADED_TURN_NANOS = 2_000_000L;

  private final Conversation conversation;
  private final Supplier<Peers> peers;
  private final DropCounters drops;
  private final Slot[] slots = new Slot[MAX_INBOX];
  private int head;
  private int waiting;
  private final Slot current = new Slot();

  private final Queue<Outgoing> outbox = new ConcurrentLinkedQueue<>();
  private final AtomicInteger outboxSize = new AtomicInteger();
  private final AtomicInteger ready = new AtomicInteger();
  private volatile Runnable wakeConductor = () -> {};
  private volatile Runnable wakeOutbound = () -> {};
  private long loadUntilNanos;
  private volatile boolean loaded;

  // How many came since when: a flood that is kept up with, by asking only, is load all the same.
  private long windowNanos;
  private int inWindow;

  /** A message to send. Its array is never changed, and never compared. */
  @SuppressWarnings("ArrayRecordComponent")
  record Outgoing(PeerEndpoint to, byte[] message) {

    @Override
    public String toString() {
      return message.length + " bytes to " + to.remote();
    }
  }

  private static final class Slot {
    private final byte[] message = new byte[Conversation.MAX_MESSAGE_BYTES];
    private int length;
    private @Nullable PeerEndpoint from;
  }

  /**
   * @param drops the conductor's
   */
  ControlMessages(Conversation conversation, Supplier<Peers> peers, DropCounters drops) {
    this.conversation = conversation;
    this.peers = peers;
    this.drops = drops;
    for (int i = 0; i < slots.length; i++) {
      slots[i] = new Slot();
    }
    conversation.listenBy(
        new Conversation.Listener() {
          @Override
          public void wanted() {
            wakeConductor.run();
          }

          @Override
          public void ready() {
            ready.incrementAndGet();
            wakeOutbound.run();
          }
        });
  }

  /** How the threads' waits are ended; to be told before they start. */
  void wakeBy(Runnable conductor, Runnable outbound) {
    wakeConductor = conductor;
    wakeOutbound = outbound;
  }

  // ------------------------------------------------------------------ for the inbound agents

  /** Takes a message; false if too many wait. */
  boolean offer(
      MemorySegment memory, int offset, int length, ReceiveBatch batch, int message, int socket) {
    boolean first;
    synchronized (this) {
      if (waiting == MAX_INBOX) {
        return false;
      }
      Slot slot = slots[(head + waiting) % MAX_INBOX];
      MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset, slot.message, 0, length);
      slot.length = length;
      slot.from = EndpointLearner.endpoint(batch, message, socket);
      first = waiting++ == 0;
    }
    if (first && !loaded) {
      wakeConductor.run();
    }
    return true;
  }

  // ------------------------------------------------------------------ for the conductor

  /** Hears some of what came. */
  int receive(long now, long epochNanos) {
    int done = 0;
    while (done < A_TURN && take(now)) {
      done++;
      PeerEndpoint from = current.from;
      if (from == null) {
        continue; // Nobody could be answered there.
      }
      Conversation.Verdict verdict =
          conversation.receive(
              current.message, current.length, source(from), loaded, now, epochNanos, this);
      DropReason reason =
          switch (verdict) {
            case ACCEPTED -> null;
            case NOT_AUTHENTIC -> DropReason.NOT_AUTHENTIC;
            case REPLAYED -> DropReason.REPLAYED;
            case UNKNOWN -> DropReason.NO_SESSION;
            case LIMITED -> DropReason.HANDSHAKES_LIMITED;
          };
      if (reason != null) {
        drops.add(reason, 1);
      }
    }
    return done;
  }

  /** Under load, how long the conductor may rest at most; else the far future. */
  long longestRestNanos() {
    return loaded ? LOADED_TURN_NANOS : Long.MAX_VALUE;
  }

  private void noteLoad(int waitingNow, long now) {
    if (now - windowNanos >= LOAD_NANOS) {
      windowNanos = now;
      inWindow = 0;
    }
    if (waitingNow >= LOAD || loaded && inWindow >= LOAD) {
      loadUntilNanos = now + LOAD_NANOS;
      loaded = true;
    } else if (loaded && now - loadUntilNanos >= 0) {
      loaded = false;
    }
  }

  private boolean take(long now) {
    synchronized (this) {
      noteLoad(waiting, now);
      if (waiting == 0) {
        return false;
      }
      inWindow++;
      Slot slot = slots[head];
      System.arraycopy(slot.message, 0, current.message, 0, slot.length);
      current.length = slot.length;
      current.from = slot.from;
      head = (head + 1) % MAX_INBOX;
      waiting--;
    }
    return true;
  }

  /** Address and port in network byte order. */
  private static byte[] source(PeerEndpoint from) {
    IpAddress address = from.remote().address();
    ByteBuffer bytes = ByteBuffer.allocate(address.family().bytes() + 2);
    if (address.family() == Family.IPV6) {
      bytes.putLong(address.high()).putLong(address.low());
    } else {
      bytes.putInt((int) address.low());
    }
    return bytes.putShort((short) from.remote().port()).array();
  }

  /** Does what is due; when something is due again. */
  long turn(long now, long epochNanos) {
    return conversation.turn(now, epochNanos, this);
  }

  @Override
  public boolean knows(TransportPeer transportPeer) {
    Peer peer = peers.get().of(transportPeer);
    return peer != null && peer.endpoint() != null;
  }

  @Override
  public void send(TransportPeer transportPeer, byte[] message) {
    Peer peer = peers.get().of(transportPeer);
    PeerEndpoint to = peer == null ? null : peer.endpoint();
    if (to != null) {
      post(to, message);
    }
  }

  @Override
  public void reply(byte[] message) {
    PeerEndpoint from = current.from;
    if (from != null) {
      post(from, message);
    }
  }

  private void post(PeerEndpoint to, byte[] message) {
    if (outboxSize.get() < MAX_OUTBOX) {
      outbox.add(new Outgoing(to, message));
      // Who takes messages out counts each before it looks for the next, so none is overlooked.
      if (outboxSize.getAndIncrement() == 0) {
        wakeOutbound.run();
      }
    }
  }

  @Override
  public void locate(TransportPeer transportPeer) {
    Peer peer = peers.get().of(transportPeer);
    PeerEndpoint from = current.from;
    if (peer == null || from == null) {
      return;
    }
    PeerEndpoint known = peer.endpoint();
    if (known == null || !known.remote().equals(from.remote())) {
      peer.roamed(from);
    }
  }

  // ------------------------------------------------------------------ for the outbound agents

  /** Something to send, or null. For the agent of the first queue. */
  @Nullable Outgoing poll() {
    Outgoing next = outbox.poll();
    if (next != null) {
      outboxSize.decrementAndGet();
    }
    return next;
  }

  /** Changes whenever a peer can be sent to that could not before. */
  int readiness() {
    return ready.get();
  }
}
