package net.culvert.node.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.EstimationProbe;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A token bucket for each address, of the addresses that were heard of last. One that is forgotten
 * begins with a full bucket again, which takes an attacker {@value #MAX_ADDRESSES} addresses. Any
 * thread.
 */
final class SourceBuckets {

  private static final int MAX_ADDRESSES = 10_000;
  private static final Duration REMEMBERED = Duration.ofMinutes(10);

  private final Cache<String, Bucket> buckets =
      Caffeine.newBuilder()
          .maximumSize(MAX_ADDRESSES)
          .expireAfterAccess(REMEMBERED)
          .executor(Runnable::run)
          .build();

  private final long capacity;
  private final Duration refill;

  /**
   * One rate for all.
   *
   * @param capacity what may come at once, and in each period
   */
  SourceBuckets(long capacity, Duration refill) {
    this.capacity = capacity;
    this.refill = refill;
  }

  private Bucket bucket(SourceAddress source) {
    return buckets.get(
        source.key(),
        key ->
            Bucket.builder()
                .addLimit(limit -> limit.capacity(capacity).refillGreedy(capacity, refill))
                .build());
  }

  /** Takes one, if there is one. */
  boolean take(SourceAddress source) {
    return bucket(source).tryConsume(1);
  }

  /** For how many seconds there is none, rounded up; 0 where there is one. Takes none. */
  long waitSeconds(SourceAddress source) {
    EstimationProbe probe = bucket(source).estimateAbilityToConsume(1);
    long nanos = probe.canBeConsumed() ? 0 : probe.getNanosToWaitForRefill();
    return (nanos + TimeUnit.SECONDS.toNanos(1) - 1) / TimeUnit.SECONDS.toNanos(1);
  }
}
