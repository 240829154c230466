package net.culvert.node.tunnel;

import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import net.culvert.api.tunnel.PacketEvent;
import net.culvert.node.dataplane.PacketFilter;
import net.culvert.node.dataplane.PacketReader;
import net.culvert.node.web.stream.EventSource;
import net.culvert.node.web.stream.ServerEvent;
import org.jspecify.annotations.Nullable;

/**
 * One stream's view of a tunnel's packets. Agents never wake it, so it looks again every few
 * milliseconds.
 */
final class PacketEventSource implements EventSource {

  private static final int CAPACITY = 4096;
  private static final long LOOK_AGAIN_NANOS = 5_000_000;

  private final RunningTunnel tunnel;
  private final Tunnels tunnels;
  private final PacketReader reader;

  PacketEventSource(RunningTunnel tunnel, Tunnels tunnels, PacketFilter filter) {
    this.tunnel = tunnel;
    this.tunnels = tunnels;
    this.reader = tunnel.plane().packets().watch(filter, CAPACITY);
  }

  @Override
  public @Nullable ServerEvent poll(long timeoutNanos) throws InterruptedException {
    long deadline = System.nanoTime() + timeoutNanos;
    while (true) {
      net.culvert.node.dataplane.PacketEvent event = reader.poll();
      if (event != null) {
        return new ServerEvent("packet", null, view(event));
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      long left = deadline - System.nanoTime();
      if (left <= 0 || ended()) {
        return null;
      }
      LockSupport.parkNanos(Math.min(left, LOOK_AGAIN_NANOS));
    }
  }

  @Override
  public long lost() {
    return reader.lost();
  }

  @Override
  public boolean ended() {
    return !tunnels.isRunning(tunnel);
  }

  @Override
  public void close() {
    reader.close();
  }

  private static PacketEvent view(net.culvert.node.dataplane.PacketEvent event) {
    return new PacketEvent(
        event.time(),
        event.direction().name().toLowerCase(Locale.ROOT),
        event.length(),
        event.wireLength(),
        event.family() == null ? null : event.family().name().toLowerCase(Locale.ROOT),
        text(event.source()),
        text(event.destination()),
        event.protocolName(),
        event.sourcePort(),
        event.destinationPort(),
        event.icmpType(),
        event.icmpCode(),
        event.identifier(),
        event.sequence(),
        event.hopLimit(),
        event.peer(),
        event.dropReason() == null ? "forwarded" : event.dropReason().label());
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }
}
