package net.culvert.node.forwarding;

import java.util.concurrent.TimeUnit;
import net.culvert.api.value.Prefix;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Who owns an address, asked for another one each time so that no cache line is warm by habit. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PrefixLookupBenchmark {

  private static final int PREFIXES_EACH = 10;

  /** Peers of ten prefixes each. */
  @Param({"1", "1000", "10000"})
  public int peers;

  private AllowedPrefixTable<Integer> table = AllowedPrefixTable.empty();
  private long next;

  @Setup
  public void fill() {
    AllowedPrefixTable.Builder<Integer> builder = new AllowedPrefixTable.Builder<>();
    for (int peer = 0; peer < peers; peer++) {
      for (int n = 0; n < PREFIXES_EACH; n++) {
        String middle = (peer >>> 8) + "." + (peer & 0xff);
        builder.add(Prefix.parse((20 + n) + "." + middle + ".0/24"), peer);
        builder.add(Prefix.parse("2001:db8:" + Integer.toHexString(peer) + ":" + n + "::/64"), peer);
      }
    }
    table = builder.build();
  }

  /** The number of an address, spread over the table by Fibonacci hashing. */
  private long spread(int choices) {
    next += 0x9E3779B97F4A7C15L;
    return Long.remainderUnsigned(next >>> 16, choices);
  }

  @Benchmark
  public @Nullable Integer ipv4() {
    long which = spread(peers * PREFIXES_EACH);
    return table.findIpv4((20 + which % PREFIXES_EACH) << 24 | which / PREFIXES_EACH << 8 | 2);
  }

  @Benchmark
  public @Nullable Integer ipv6() {
    long which = spread(peers * PREFIXES_EACH);
    long subnet = which / PREFIXES_EACH << 16 | which % PREFIXES_EACH;
    return table.findIpv6(0x2001_0db8_0000_0000L | subnet, 2);
  }
}
