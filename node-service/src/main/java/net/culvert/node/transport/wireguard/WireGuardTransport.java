package net.culvert.node.transport.wireguard;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.random.RandomGenerator;
import net.culvert.node.packet.GatherList;
import net.culvert.node.transport.Conversation;
import net.culvert.node.transport.Opener;
import net.culvert.node.transport.Sealer;
import net.culvert.node.transport.Transport;
import net.culvert.node.transport.TransportPeer;
import org.jspecify.annotations.Nullable;

/** Packets sealed under sessions, as one WireGuard device has them. */
public final class WireGuardTransport implements Transport {

  /** The largest payload of a UDP datagram. */
  private static final int MAX_DATAGRAM_BYTES = 65_535;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final CipherSuite suite;
  private final PacketCipher.Factory ciphers;
  private final WireGuardDevice device;

  /** With the JDK's ciphers. */
  public WireGuardTransport(CipherSuite suite, PrivateKey own, RandomGenerator random) {
    this(suite, own, random, PacketCipher.Factory.JDK);
  }

  /**
   * @param random a source that nobody can predict
   * @param ciphers what packets are sealed with; handshakes, of which there are few, are the JDK's
   */
  public WireGuardTransport(
      CipherSuite suite, PrivateKey own, RandomGenerator random, PacketCipher.Factory ciphers) {
    this.suite = suite;
    this.ciphers = ciphers;
    this.device = new WireGuardDevice(suite, own, random);
  }

  @Override
  public String name() {
    return "wireguard";
  }

  @Override
  public int overheadBytes() {
    return DataMessage.OVERHEAD_BYTES;
  }

  @Override
  public Conversation conversation() {
    return device;
  }

  /** Ends all sessions and says nothing until {@link #resume}. On the conductor's thread. */
  public void suspend() {
    device.suspend();
  }

  /** Speaks again, first to the peers that are to be kept reachable. On the conductor's thread. */
  public void resume(long nowNanos) {
    device.resume(nowNanos);
  }

  /** Becomes another to all peers; sessions end. On the conductor's thread. */
  public void replaceKey(PrivateKey own) {
    device.replaceKey(own);
  }

  @Override
  public Sealer newSealer() {
    return new SessionSealer(suite, ciphers.create(suite));
  }

  @Override
  public Opener newOpener() {
    return new SessionOpener(suite, ciphers.create(suite), device.indices());
  }

  /** Copies a packet to where it is sealed. */
  private static final class SessionSealer implements Sealer {

    private final PacketCipher cipher;
    private final int dataType;
    private @Nullable Session session;
    private int mtuBytes;

    SessionSealer(CipherSuite suite, PacketCipher cipher) {
      this.cipher = cipher;
      this.dataType = suite.typeNumber(MessageType.DATA);
    }

    @Override
    public int headroomBytes() {
      return 0;
    }

    @Override
    public int piecesPerDatagram() {
      return 1;
    }

    @Override
    public int roomBytes(int innerBytes) {
      return innerBytes + Limits.PADDING_BYTES + DataMessage.OVERHEAD_BYTES;
    }

    @Override
    public boolean begin(@Nullable TransportPeer peer, int mtu, long now) {
      mtuBytes = mtu;
      WireGuardPeer to = (WireGuardPeer) peer;
      if (to == null) {
        return false;
      }
      Session found = to.sendingSession(now);
      session = found;
      if (found == null) {
        to.ask(now);
        return false;
      }
      to.sending(found, true, now);
      return true;
    }

    @Override
    public int seal(
        MemorySegment head,
        int headOffset,
        int headBytes,
        MemorySegment rest,
        int restOffset,
        int restBytes,
        MemorySegment room,
        int roomOffset,
        GatherList into) {
      Session open = session;
      long counter = open == null ? Limits.REJECT_AFTER_MESSAGES : open.takeCounter();
      if (open == null || Long.compareUnsigned(counter, Limits.REJECT_AFTER_MESSAGES) >= 0) {
        return 0;
      }
      int packet = roomOffset + DataMessage.HEADER_BYTES;
      MemorySegment.copy(head, headOffset, room, packet, headBytes);
      if (restBytes != 0) {
        MemorySegment.copy(rest, restOffset, room, packet + headBytes, restBytes);
      }
      int inner = headBytes + restBytes;
      int padded = DataMessage.padded(inner, mtuBytes);
      if (padded != inner) {
        room.asSlice(packet + inner, padded - inner).fill((byte) 0);
      }
      try {
        cipher.seal(open.sending(), counter, room, packet, padded);
      } catch (SealingKey.Destroyed e) {
        return 0;
      }
      int length = padded + PacketCipher.TAG_BYTES;
      room.set(INT, roomOffset, dataType);
      room.set(INT, roomOffset + DataMessage.RECEIVER_AT, open.remoteIndex());
      room.set(LONG, roomOffset + DataMessage.COUNTER_AT, counter);
      into.add(room.address() + roomOffset, (long) DataMessage.HEADER_BYTES + length);
      return DataMessage.HEADER_BYTES + length;
    }
  }

  private static final class SessionOpener implements Opener {

    private final CipherSuite suite;
    private final IndexTable indices;
    private final PacketCipher cipher;
    private final int dataType;
    private @Nullable TransportPeer peer;
    private int innerBytes;
    private int sessionIndex;
    private long counter;

    SessionOpener(CipherSuite suite, PacketCipher cipher, IndexTable indices) {
      this.suite = suite;
      this.indices = indices;
      this.cipher = cipher;
      this.dataType = suite.typeNumber(MessageType.DATA);
    }

    @Override
    public int open(MemorySegment memory, int offset, int length, long now) {
      if (length < MessageType.DATA.bytes() || length > MAX_DATAGRAM_BYTES) {
        return MALFORMED;
      }
      int type = memory.get(INT, offset);
      if (type != dataType) {
        return other(type, length);
      }
      Session session = indices.session(memory.get(INT, offset + DataMessage.RECEIVER_AT));
      if (session == null || !session.isAlive(now)) {
        return NO_SESSION;
      }
      long claimed = memory.get(LONG, offset + DataMessage.COUNTER_AT);
      if (Long.compareUnsigned(claimed, Limits.REJECT_AFTER_MESSAGES) >= 0) {
        return REPLAYED;
      }
      int opened;
      try {
        opened =
            cipher.open(
                session.receiving(),
                claimed,
                memory,
                offset + DataMessage.HEADER_BYTES,
                length - DataMessage.HEADER_BYTES);
      } catch (SealingKey.Destroyed e) {
        return NO_SESSION;
      }
      if (opened == PacketCipher.FORGED) {
        return NOT_AUTHENTIC;
      }
      if (!session.window().accept(claimed)) {
        return REPLAYED;
      }
      WireGuardPeer sender = session.peer();
      sender.received(session, opened != 0, now);
      peer = sender;
      innerBytes = opened;
      sessionIndex = session.localIndex();
      counter = claimed;
      return DataMessage.HEADER_BYTES;
    }

    private int other(int number, int length) {
      MessageType type = suite.typeOf(number);
      if (type != null) {
        return type.fits(length) ? CONTROL : MALFORMED;
      }
      return CipherSuite.speaking(number) == null ? MALFORMED : OTHER_SUITE;
    }

    @Override
    public int innerBytes() {
      return innerBytes;
    }

    @Override
    public @Nullable TransportPeer peer() {
      return peer;
    }

    @Override
    public int session() {
      return sessionIndex;
    }

    @Override
    public long counter() {
      return counter;
    }
  }
}
