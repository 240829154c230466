package net.culvert.node.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;

/**
 * How often an address may present what is not accepted. Beyond that it is answered with 429
 * whatever it presents, a right token too, or guessing would go on behind the refusals; but not who
 * was accepted from there within the last hour, so that nobody is locked out by a neighbour who
 * guesses. From loopback, a right token is always accepted: who is on this host must not be able to
 * lock out its administrator. Any thread.
 */
final class FailureLimit {

  private static final int MAX_KNOWN = 10_000;
  private static final Duration KNOWN = Duration.ofHours(1);

  private final SourceBuckets failures;
  private final Cache<Known, Boolean> known =
      Caffeine.newBuilder()
          .maximumSize(MAX_KNOWN)
          .expireAfterAccess(KNOWN)
          .executor(Runnable::run)
          .build();

  private record Known(SourceAddress source, String caller) {}

  FailureLimit(int perMinute) {
    this.failures = new SourceBuckets(perMinute, Duration.ofMinutes(1));
  }

  void failed(SourceAddress source) {
    failures.take(source);
  }

  void accepted(SourceAddress source, String caller) {
    known.put(new Known(source, caller), Boolean.TRUE);
  }

  /** Whether who was found to be right is believed although the address fails too often. */
  boolean isTrusted(SourceAddress source, String caller) {
    return source.loopback() || known.getIfPresent(new Known(source, caller)) != null;
  }

  /** For how many seconds the address is refused; 0 where it is not. */
  long waitSeconds(SourceAddress source) {
    return failures.waitSeconds(source);
  }
}
