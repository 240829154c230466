package net.culvert.node.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.culvert.node.kernel.tun.Gathered;
import net.culvert.node.packet.GatherList;
import net.culvert.node.packet.IpHeader;
import net.culvert.node.testing.TestSize;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A super-packet is cut by one node and joined again by the other: what the receiving kernel makes
 * of it is what the sending one would have made itself, byte for byte and in order.
 */
class SuperPacketChainTest {

  private static final int CASES = TestSize.cases(1_000_000, 100_000_000);

  @Test
  void whatWasCutAndJoinedIsWhatTheSendingKernelWouldHaveSent() throws InterruptedException {
    long seed = TestSize.seed(SuperPacketChainTest.class);
    List<Chain> chains = List.of(new Chain(seed), new Chain(seed + 1));
    List<Thread> threads = chains.stream().map(Thread::new).toList();
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(chains).allSatisfy(chain -> assertThat(chain.failure).isNull());
    long cut = chains.stream().mapToLong(chain -> chain.cut).sum();
    long written = chains.stream().mapToLong(chain -> chain.written).sum();
    System.out.println("SuperPacketChainTest wrote " + written + " of " + cut + " segments");
    assertThat(written).as("most join again").isLessThan(cut / 2);
  }

  /** One half of the cases, on a thread of its own. */
  private static final class Chain implements Runnable {

    private final long seed;
    private final RandomPackets packets;
    private final Segmenter segmenter = new Segmenter();
    private final IpHeader header = new IpHeader();
    private long cut;
    private long written;
    private volatile @Nullable Throwable failure;

    Chain(long seed) {
      this.seed = seed;
      this.packets = new RandomPackets(new Random(seed));
    }

    @Override
    public void run() {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment sender = arena.allocate(70_000, 64);
        MemorySegment receiver = arena.allocate(1 << 20, 64);
        Coalescer coalescer = new Coalescer(arena);
        GatherList pieces = new GatherList(arena, 1024);
        coalescer.allow(true, true);
        for (int i = 0; i < CASES / 2; i++) {
          byte[] superPacket = packets.superPacket();
          List<byte[]> expected = SlowSegmentation.packets(superPacket);
          List<byte[]> actual = new ArrayList<>();
          MemorySegment.copy(superPacket, 0, sender, ValueLayout.JAVA_BYTE, 6, superPacket.length);
          assertThat(header.parse(sender, 16, superPacket.length - 10)).isTrue();
          assertThat(segmenter.begin(sender, 6, 16, header)).isTrue();
          coalescer.clear(receiver);
          int at = 16;
          while (segmenter.hasNext()) {
            int payload = segmenter.payloadLength();
            int from = segmenter.payloadOffset();
            int head = segmenter.headBytes();
            if (coalescer.isFull() || at + head + payload > receiver.byteSize()) {
              write(coalescer, pieces, actual);
              coalescer.clear(receiver);
              at = 16;
            }
            segmenter.writeHead(receiver, at);
            MemorySegment.copy(sender, from, receiver, at + head, payload);
            assertThat(header.parse(receiver, at, head + payload)).isTrue();
            coalescer.add(header, at);
            at += head + payload + 3;
            cut++;
          }
          write(coalescer, pieces, actual);
          compare(expected, actual, i);
        }
      } catch (Throwable t) {
        failure = t;
      }
    }

    private void write(Coalescer coalescer, GatherList pieces, List<byte[]> all) {
      for (int item = 0; item < coalescer.items(); item++) {
        pieces.clear();
        coalescer.gather(item, pieces);
        all.addAll(SlowSegmentation.packets(Gathered.bytes(pieces, 0, pieces.size())));
        coalescer.restore(item);
        written++;
      }
    }

    private void compare(List<byte[]> expected, List<byte[]> actual, int number) {
      assertThat(actual).as("case %d, seed %d", number, seed).hasSameSizeAs(expected);
      for (int s = 0; s < expected.size(); s++) {
        if (!Arrays.equals(actual.get(s), expected.get(s))) {
          assertThat(HexFormat.of().formatHex(actual.get(s)))
              .as("segment %d of case %d, seed %d", s, number, seed)
              .isEqualTo(HexFormat.of().formatHex(expected.get(s)));
        }
      }
    }
  }
}
