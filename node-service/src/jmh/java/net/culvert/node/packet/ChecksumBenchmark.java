package net.culvert.node.packet;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The Internet checksum over one packet's bytes outside the heap. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ChecksumBenchmark {

  /** Bytes summed: a small packet, a full one, a super-packet. */
  @Param({"64", "1472", "65000"})
  public int bytes;

  private final MemorySegment memory = Arena.global().allocate(1 << 17, 64).fill((byte) 0x5a);

  @Benchmark
  public int sum() {
    // Behind an offload header and an IP header: where payloads are, aligned to nothing.
    return Checksum.finish(Checksum.add(memory, 30, bytes, 0));
  }
}
