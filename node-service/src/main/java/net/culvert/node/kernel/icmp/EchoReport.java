package net.culvert.node.kernel.icmp;

import java.util.List;
import net.culvert.api.value.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * What came of the requests.
 *
 * @param sent requests that the kernel took
 * @param replies in the order they came, at most one a request
 * @param errors in the order they came, at most one a request
 */
public record EchoReport(int sent, List<Reply> replies, List<Refusal> errors) {

  public EchoReport {
    replies = List.copyOf(replies);
    errors = List.copyOf(errors);
  }

  /**
   * An answer.
   *
   * @param sequence of the request, from 1
   * @param from who answered
   * @param ttl TTL or hop limit as it arrived
   */
  public record Reply(int sequence, IpAddress from, int ttl, long roundTripNanos) {}

  /**
   * Why there is no answer.
   *
   * @param sequence of the request, from 1
   * @param from who said it, which may be this machine itself; null where the kernel did not take
   *     the request
   * @param sentence such as {@code destination host unreachable}
   */
  public record Refusal(int sequence, @Nullable IpAddress from, String sentence) {

    /** The sentence with who said it. */
    @Override
    public String toString() {
      return from == null ? sentence : from + ": " + sentence;
    }
  }

  public int received() {
    return replies.size();
  }
}
