package net.culvert.node.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.culvert.node.testing.Shell;

/**
 * What {@code ping} said.
 *
 * @param ttls of the answers, in their order
 */
public record Pings(int sent, int received, List<Integer> ttls, String output) {

  private static final Pattern SUMMARY =
      Pattern.compile("(\\d+) packets transmitted, (\\d+) received");
  private static final Pattern TTL = Pattern.compile("(?:ttl|hlim)=(\\d+)");

  /** Three echo requests, a fifth of a second apart. */
  public static Pings ping(Inside inside, String destination, String... options) {
    return ping(inside, 3, destination, options);
  }

  /**
   * So many echo requests; every answer is waited for a second.
   *
   * @param options of ping(8), before the destination
   */
  public static Pings ping(Inside inside, int count, String destination, String... options) {
    List<String> line =
        new ArrayList<>(List.of("ping", "-n", "-i", "0.2", "-W", "1", "-c", "" + count));
    line.addAll(List.of(options));
    line.add(destination);
    Shell.Result result =
        inside.attempt(Duration.ofSeconds(15 + count), line.toArray(String[]::new));
    Matcher summary = SUMMARY.matcher(result.output());
    assertThat(summary.find()).as(result.output()).isTrue();
    List<Integer> ttls = new ArrayList<>();
    Matcher ttl = TTL.matcher(result.output());
    while (ttl.find()) {
      ttls.add(Integer.valueOf(ttl.group(1)));
    }
    return new Pings(
        Integer.parseInt(summary.group(1)),
        Integer.parseInt(summary.group(2)),
        List.copyOf(ttls),
        result.output());
  }

  /**
   * Waits for the first answer. A new link's IPv6 works only once the kernel has found no duplicate
   * of its link-local address, which takes it a second or two.
   */
  public static void awaitAnswer(Inside inside, String destination) {
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> ping(inside, 1, destination).received() == 1);
  }

  /** Fails unless every request was answered. */
  public Pings requireAll() {
    assertThat(received).as(output).isEqualTo(sent);
    return this;
  }

  /** Fails unless no request was answered. */
  public Pings requireNone() {
    assertThat(received).as(output).isZero();
    return this;
  }

  /** Fails unless every request was answered and every answer came with this TTL. */
  public Pings requireTtl(int expected) {
    requireAll();
    assertThat(ttls).as(output).isNotEmpty().containsOnly(expected);
    return this;
  }
}
