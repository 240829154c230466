package net.culvert.node.dataplane;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
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

/** A super-packet of 40 full packets cut into segments, per segment, checksums included. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SegmenterBenchmark {

  private static final int PACKETS = 40;
  private static final int PAYLOAD = 1400;
  private static final int AT = 64;

  @Param({"true", "false"})
  public boolean tcp;

  private final MemorySegment memory = Arena.global().allocate(1 << 17, 64);
  private final MemorySegment heads = Arena.global().allocate(1 << 16, 64);
  private final IpHeader header = new IpHeader();
  private final Segmenter segmenter = new Segmenter();

  @Setup
  public void write() {
    new Flow(tcp).writeSuperPacket(memory, AT, PACKETS, PAYLOAD);
    if (segment() != PACKETS) {
      throw new IllegalStateException("the super-packet is not what was meant");
    }
  }

  @Benchmark
  @OperationsPerInvocation(PACKETS)
  public int segment() {
    if (!header.parse(memory, AT, (int) memory.byteSize() - AT)
        || !segmenter.begin(memory, AT - 16, AT, header)) {
      throw new IllegalStateException("refused");
    }
    int made = 0;
    while (segmenter.hasNext()) {
      segmenter.writeHead(heads, made++ * Segmenter.MAX_HEAD_BYTES);
    }
    return made;
  }
}
