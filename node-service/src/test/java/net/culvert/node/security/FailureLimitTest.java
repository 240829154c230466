package net.culvert.node.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FailureLimitTest {

  private static final SourceAddress FAR = SourceAddress.of("192.0.2.1");
  private static final SourceAddress OTHER = SourceAddress.of("192.0.2.2");
  private static final SourceAddress LOCAL = SourceAddress.of("127.0.0.1");

  private final FailureLimit limit = new FailureLimit(3);

  private void exhaust(SourceAddress source) {
    for (int i = 0; i < 4; i++) {
      limit.failed(source);
    }
  }

  @Test
  void anAddressThatFailsTooOftenWaits() {
    limit.failed(FAR);
    assertThat(limit.waitSeconds(FAR)).isZero();
    exhaust(FAR);
    assertThat(limit.waitSeconds(FAR)).isBetween(1L, 20L);
    assertThat(limit.waitSeconds(OTHER)).isZero();
  }

  @Test
  void onlyWhoWasAcceptedFromThereBeforeIsBelieved() {
    limit.accepted(FAR, "ops");
    exhaust(FAR);
    assertThat(limit.isTrusted(FAR, "ops")).isTrue();
    assertThat(limit.isTrusted(FAR, "guessed")).isFalse();
    assertThat(limit.isTrusted(OTHER, "ops")).isFalse();
  }

  @Test
  void loopbackIsNeverLockedOut() {
    exhaust(LOCAL);
    assertThat(limit.waitSeconds(LOCAL)).isPositive();
    assertThat(limit.isTrusted(LOCAL, "api-token")).isTrue();
    assertThat(limit.isTrusted(SourceAddress.of("::1"), "api-token")).isTrue();
  }

  @Test
  void anIpv6SiteCountsAsOne() {
    assertThat(SourceAddress.of("2001:db8:1:2::1"))
        .isEqualTo(SourceAddress.of("2001:db8:1:2:ffff::9"))
        .isNotEqualTo(SourceAddress.of("2001:db8:1:3::1"));
    assertThat(SourceAddress.of("::ffff:192.0.2.1")).isEqualTo(FAR);
    assertThat(SourceAddress.of("fe80::1%nosuchlink")).isEqualTo(SourceAddress.of("fe80::2"));
  }
}
