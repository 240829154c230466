package net.culvert.node.ping;

import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import net.culvert.api.ping.PingReport;
import net.culvert.api.ping.PingRequest;
import net.culvert.api.value.ResourceName;
import net.culvert.node.kernel.icmp.Echo;
import net.culvert.node.kernel.icmp.EchoReport;
import net.culvert.node.kernel.icmp.Ping;
import net.culvert.node.kernel.netns.NetworkNamespace;
import net.culvert.node.object.Namespaces;
import net.culvert.node.reconcile.OperationException;
import net.culvert.node.web.problem.Refusals;
import net.culvert.node.web.problem.TooManyException;
import org.jspecify.annotations.Nullable;

/** Pings on request threads, a few at a time: each holds its thread until the answers are in. */
public final class Pings {

  private static final int MAX_AT_A_TIME = 8;
  private static final int DEFAULT_COUNT = 3;
  private static final int DEFAULT_TIMEOUT_MILLIS = 1_000;

  /** A person wants the answer soon, a program too; the kernel's own tools take a second. */
  private static final int INTERVAL_MILLIS = 100;

  private static final double NANOS_PER_MILLI = 1e6;

  private final Ping ping;
  private final Namespaces namespaces;
  private final Semaphore places = new Semaphore(MAX_AT_A_TIME);

  Pings(Ping ping, Namespaces namespaces) {
    this.ping = ping;
    this.namespaces = namespaces;
  }

  /**
   * Sends what is asked for and waits for the answers.
   *
   * @param namespace null for the host
   */
  public PingReport from(@Nullable ResourceName namespace, PingRequest request) {
    Echo echo =
        new Echo(
            request.destination(),
            0,
            Objects.requireNonNullElse(request.count(), DEFAULT_COUNT),
            Objects.requireNonNullElse(request.timeoutMillis(), DEFAULT_TIMEOUT_MILLIS),
            INTERVAL_MILLIS,
            Objects.requireNonNullElse(request.size(), Echo.DEFAULT_PAYLOAD_BYTES),
            null);
    if (!places.tryAcquire()) {
      throw new TooManyException(
          "There are already " + MAX_AT_A_TIME + " pings under way, which is the limit.");
    }
    try {
      NetworkNamespace where = namespaces.require(namespace).namespace();
      return report(request, ping.run(where, echo));
    } catch (OperationException e) {
      throw Refusals.of(e);
    } finally {
      places.release();
    }
  }

  private static PingReport report(PingRequest request, EchoReport report) {
    List<PingReport.PingReply> replies =
        report.replies().stream()
            .map(reply ->
                new PingReport.PingReply(
                    reply.sequence(), reply.ttl(), reply.roundTripNanos() / NANOS_PER_MILLI))
            .toList();
    LongSummaryStatistics times =
        report.replies().stream().mapToLong(EchoReport.Reply::roundTripNanos).summaryStatistics();
    return new PingReport(
        request.destination(),
        report.sent(),
        report.received(),
        replies.isEmpty() ? null : replies.getLast().ttl(),
        replies.isEmpty()
            ? null
            : new PingReport.RoundTrip(
                times.getMin() / NANOS_PER_MILLI,
                times.getAverage() / NANOS_PER_MILLI,
                times.getMax() / NANOS_PER_MILLI),
        replies,
        report.errors().stream().map(Object::toString).toList());
  }
}
