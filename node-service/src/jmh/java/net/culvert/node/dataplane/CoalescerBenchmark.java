package net.culvert.node.dataplane;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import net.culvert.node.packet.GatherList;
import net.culvert.node.packet.IpHeader;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A train of 40 packets of a flow joined to a super-packet, per packet, checksums included. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CoalescerBenchmark {

  private static final int PACKETS = 40;
  private static final int FIRST = 64;

  @Param({"true", "false"})
  public boolean tcp;

  @Param({"64", "1400"})
  public int payload;

  private final MemorySegment memory = Arena.global().allocate(1 << 17, 64);
  private final IpHeader header = new IpHeader();
  private final Coalescer coalescer = new Coalescer(Arena.global());
  private final GatherList pieces = new GatherList(Arena.global(), 1024);
  private int packetBytes;

  @Setup
  public void write() {
    Flow flow = new Flow(tcp);
    packetBytes = flow.headBytes() + payload;
    for (int n = 0; n < PACKETS; n++) {
      flow.write(memory, FIRST + n * packetBytes, n, payload);
    }
    coalescer.allow(true, true);
    if (coalesce() != 1) {
      throw new IllegalStateException("the packets do not join: " + coalescer.items());
    }
  }

  @Benchmark
  @OperationsPerInvocation(PACKETS)
  public int coalesce() {
    coalescer.clear(memory);
    for (int n = 0; n < PACKETS; n++) {
      int at = FIRST + n * packetBytes;
      if (!header.parse(memory, at, packetBytes)) {
        throw new IllegalStateException("refused");
      }
      header.locateUpperLayer(memory, at);
      coalescer.add(header, at);
    }
    for (int item = 0; item < coalescer.items(); item++) {
      pieces.clear();
      coalescer.gather(item, pieces);
      coalescer.restore(item);
    }
    return coalescer.items();
  }
}
