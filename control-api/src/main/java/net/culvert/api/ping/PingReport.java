package net.culvert.api.ping;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import net.culvert.api.value.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * What came back.
 *
 * @param ttl of the last answer, as it arrived; absent without one
 * @param errors ICMP errors and local refusals in words
 */
@Schema(description = "What came back.")
public record PingReport(
    IpAddress destination,
    int sent,
    int received,
    @Nullable Integer ttl,
    @Nullable RoundTrip roundTrip,
    List<PingReply> replies,
    List<String> errors) {

  /** Round-trip times in milliseconds. */
  public record RoundTrip(double minMillis, double avgMillis, double maxMillis) {}

  /** One answer. */
  public record PingReply(int sequence, int ttl, double roundTripMillis) {}
}
