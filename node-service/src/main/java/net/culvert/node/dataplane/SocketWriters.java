package net.culvert.node.dataplane;

import java.lang.foreign.Arena;
import java.util.List;
import net.culvert.node.kernel.udp.DatagramBatchSocket;
import org.jspecify.annotations.Nullable;

/**
 * What one outbound agent sends through: a {@link SocketWriter} for each of the tunnel's sockets.
 * The agent's thread alone.
 */
final class SocketWriters {

  private static final int MESSAGES = 256;
  private static final int PIECES = 1024;

  /** Handshakes and their like, so that packets have their turn too. */
  private static final int CONTROL_A_TURN = 64;

  private final SocketWriter[] writers;
  private final int ipv4;
  private final int ipv6;
  private final DropCounters drops;

  /**
   * @param memory bytes for what a batch becomes where that is not done in place, in each writer
   */
  SocketWriters(
      List<DatagramBatchSocket> sockets,
      int queueIndex,
      int overheadBytes,
      DropCounters drops,
      PacketTap tap,
      OffloadSwitch sendTrains,
      Arena arena,
      int memory) {
    this.drops = drops;
    this.writers =
        sockets.stream()
            .map(socket ->
                new SocketWriter(
                    socket,
                    queueIndex,
                    overheadBytes,
                    drops,
                    tap,
                    sendTrains,
                    arena,
                    MESSAGES,
                    PIECES,
                    memory))
            .toArray(SocketWriter[]::new);
    this.ipv4 = firstOf(sockets, 4);
    this.ipv6 = firstOf(sockets, 6);
  }

  private static int firstOf(List<DatagramBatchSocket> sockets, int version) {
    for (int i = 0; i < sockets.size(); i++) {
      if ((sockets.get(i).family().bytes() == 4) == (version == 4)) {
        return i;
      }
    }
    return -1;
  }

  void begin(long nowNanos) {
    for (SocketWriter writer : writers) {
      writer.begin(nowNanos);
    }
  }

  /** Sends what the writers hold. */
  void flush() {
    for (SocketWriter writer : writers) {
      writer.flush();
    }
  }

  /** The socket that the peer was heard by, else one of its family; null if there is none. */
  @Nullable SocketWriter of(PeerEndpoint endpoint) {
    int learned = endpoint.socket();
    if (learned >= 0 && learned < writers.length) {
      return writers[learned];
    }
    int index = endpoint.remote().family().bytes() == 4 ? ipv4 : ipv6;
    return index < 0 ? null : writers[index];
  }

  /**
   * Sends what the transport itself has to say, a bounded number.
   *
   * @return how many messages were taken
   */
  int sendControl(ControlMessages messages, long nowNanos) {
    int taken = 0;
    while (taken < CONTROL_A_TURN) {
      ControlMessages.Outgoing next = messages.poll();
      if (next == null) {
        break;
      }
      if (taken++ == 0) {
        begin(nowNanos);
      }
      SocketWriter writer = of(next.to());
      if (writer == null) {
        drops.add(DropReason.NO_SOCKET, 1);
        continue;
      }
      if (!writer.hasRoom(1, next.message().length)) {
        writer.flush();
      }
      writer.addControl(next.to(), next.message());
    }
    if (taken != 0) {
      flush();
    }
    return taken;
  }
}
