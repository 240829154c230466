package net.culvert.node.kernel.icmp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import net.culvert.api.value.Family;
import net.culvert.api.value.IpAddress;
import net.culvert.node.kernel.abi.Poll;
import net.culvert.node.kernel.netns.NamespaceRunner;
import net.culvert.node.kernel.netns.NetworkNamespace;
import net.culvert.node.kernel.poll.Poller;
import net.culvert.node.kernel.sys.FileDescriptor;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.sys.SystemCallException;

/**
 * Sends echo requests from inside a network namespace and waits for what comes back. Any platform
 * thread may call; a call lasts at most {@code (count − 1) × interval + timeout}.
 */
public final class Ping {

  private final Syscalls syscalls;
  private final NamespaceRunner runner;

  public Ping(Syscalls syscalls) {
    this.syscalls = syscalls;
    this.runner = new NamespaceRunner(syscalls);
  }

  /**
   * Sends and waits; ends as soon as every request has its answer, its error or its time over.
   *
   * @throws SystemCallException where the namespace cannot be entered or the socket not be opened
   *     (EPERM without CAP_NET_RAW). That a request cannot be sent is no exception but an error of
   *     the report.
   */
  public EchoReport run(NetworkNamespace namespace, Echo echo) {
    FileDescriptor descriptor =
        runner.call(namespace, () -> EchoSocket.open(syscalls, echo.destination().family()));
    try (EchoSocket socket = new EchoSocket(syscalls, descriptor, echo)) {
      return new Conversation(socket, echo).run();
    }
  }

  /** One run, from the first request to the last answer. */
  private final class Conversation {

    private static final long NOT_SENT = -1;
    private static final long CLOSED = -2;
    private static final long NONE = -1;

    private final EchoSocket socket;
    private final Echo echo;
    private final EchoMessages messages;
    private final Poller poller;
    private final List<EchoReport.Reply> replies = new ArrayList<>();
    private final List<EchoReport.Refusal> errors = new ArrayList<>();

    /** By sequence − 1: nanoseconds from the start at which it was sent, or a mark. */
    private final long[] sentNanos;

    private final long startNanos = System.nanoTime();
    private int attempted;
    private int sent;

    Conversation(EchoSocket socket, Echo echo) {
      this.socket = socket;
      this.echo = echo;
      ThreadLocalRandom random = ThreadLocalRandom.current();
      this.messages =
          new EchoMessages(echo.destination(), random.nextInt(1 << 16), random.nextLong());
      this.poller = new Poller(syscalls, 1);
      poller.add(socket.descriptor(), Poll.POLLIN);
      this.sentNanos = new long[echo.count()];
      Arrays.fill(sentNanos, NOT_SENT);
    }

    EchoReport run() {
      long interval = TimeUnit.MILLISECONDS.toNanos(echo.intervalMillis());
      while (true) {
        long now = System.nanoTime() - startNanos;
        long lastDeadline = closeOverdue(now);
        if (attempted < echo.count()) {
          long next = attempted * interval;
          if (now >= next) {
            send(now);
            continue;
          }
          await(next - now);
        } else if (lastDeadline == NONE) {
          return new EchoReport(sent, replies, errors);
        } else {
          await(lastDeadline - now);
        }
        receive();
      }
    }

    /** Until something arrives or the time is over, which is rounded up: no millisecond spins. */
    private void await(long nanos) {
      poller.poll((int) TimeUnit.NANOSECONDS.toMillis(nanos + 999_999));
    }

    /** Ends the waits whose time is over; answers when the last other one is, or NONE. */
    private long closeOverdue(long now) {
      long timeout = TimeUnit.MILLISECONDS.toNanos(echo.timeoutMillis());
      long last = NONE;
      for (int i = 0; i < attempted; i++) {
        if (sentNanos[i] >= 0 && now - sentNanos[i] >= timeout) {
          sentNanos[i] = CLOSED;
        } else if (sentNanos[i] >= 0) {
          last = Math.max(last, sentNanos[i] + timeout);
        }
      }
      return last;
    }

    private void send(long now) {
      int sequence = ++attempted;
      ByteBuffer packet = socket.outgoing();
      messages.writeRequest(packet, sequence, echo.payloadBytes());
      long result = socket.send(packet.limit());
      if (result >= 0) {
        sentNanos[sequence - 1] = now;
        sent++;
      } else {
        SystemCallException refusal =
            new SystemCallException(
                "sendmsg", (int) -result, "echo request to " + echo.destination());
        errors.add(new EchoReport.Refusal(sequence, null, String.valueOf(refusal.getMessage())));
        sentNanos[sequence - 1] = CLOSED;
      }
    }

    private void receive() {
      for (ByteBuffer packet = socket.receive(); packet != null; packet = socket.receive()) {
        EchoMessages.Arrival arrival = messages.read(packet);
        if (arrival == null
            || arrival.sequence() < 1
            || arrival.sequence() > attempted
            || sentNanos[arrival.sequence() - 1] < 0) {
          continue;
        }
        long roundTrip = System.nanoTime() - startNanos - sentNanos[arrival.sequence() - 1];
        sentNanos[arrival.sequence() - 1] = CLOSED;
        IpAddress from = socket.sender();
        if (arrival.error() != null) {
          errors.add(new EchoReport.Refusal(arrival.sequence(), from, arrival.error()));
        } else {
          int ttl = echo.destination().family() == Family.IPV4 ? arrival.ttl() : socket.hopLimit();
          replies.add(new EchoReport.Reply(arrival.sequence(), from, ttl, roundTrip));
        }
      }
    }
  }
}
