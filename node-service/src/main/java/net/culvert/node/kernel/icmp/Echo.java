package net.culvert.node.kernel.icmp;

import net.culvert.api.value.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * What to send.
 *
 * @param link index of the egress link, which a link-local destination needs, or 0
 * @param count requests, 1 to {@link #MAX_COUNT}
 * @param timeoutMillis how long each answer is waited for, 1 to {@link #MAX_TIMEOUT_MILLIS}
 * @param intervalMillis from one request to the next, 0 to {@link #MAX_TIMEOUT_MILLIS}
 * @param payloadBytes behind the ICMP header, {@link #MIN_PAYLOAD_BYTES} to {@link
 *     #MAX_PAYLOAD_BYTES}
 * @param ttl TTL or hop limit of the requests; null for the namespace's default
 */
public record Echo(
    IpAddress destination,
    int link,
    int count,
    int timeoutMillis,
    int intervalMillis,
    int payloadBytes,
    @Nullable Integer ttl) {

  public static final int MAX_COUNT = 1000;
  public static final int MAX_TIMEOUT_MILLIS = 60_000;

  /** The payload begins with the token that tells our requests from others'. */
  public static final int MIN_PAYLOAD_BYTES = 8;

  /** What fits into an IPv4 packet of 65,535 bytes behind both headers. */
  public static final int MAX_PAYLOAD_BYTES = 65_507;

  /** As ping(8): packets of 84 bytes over IPv4. */
  public static final int DEFAULT_PAYLOAD_BYTES = 56;

  public Echo {
    require("count", count, 1, MAX_COUNT);
    require("timeoutMillis", timeoutMillis, 1, MAX_TIMEOUT_MILLIS);
    require("intervalMillis", intervalMillis, 0, MAX_TIMEOUT_MILLIS);
    require("payloadBytes", payloadBytes, MIN_PAYLOAD_BYTES, MAX_PAYLOAD_BYTES);
    if (ttl != null) {
      require("ttl", ttl, 1, 255);
    }
  }

  /** With the usual payload and hop limit. */
  public Echo(IpAddress destination, int count, int timeoutMillis, int intervalMillis) {
    this(destination, 0, count, timeoutMillis, intervalMillis, DEFAULT_PAYLOAD_BYTES, null);
  }

  private static void require(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(name + " is " + least + " to " + most + ", not " + value);
    }
  }
}
