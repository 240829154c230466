package net.culvert.node.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.culvert.node.testing.TestSize;
import org.junit.jupiter.api.Test;

/** Against a sort of the JDK's, over batches of every kind. */
class SendingOrderTest {

  private static final int CAPACITY = 64;

  private final SendingOrder order = new SendingOrder(CAPACITY);

  private record Packet(int session, long counter) {}

  private List<Integer> sorted() {
    order.sort();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < order.size(); i++) {
      places.add(order.packet(i));
    }
    return places;
  }

  @Test
  void whatComesInOrderIsNotTouched() {
    for (int i = 0; i < CAPACITY; i++) {
      // Three sessions that take turns, one of them at the upper end of the unsigned numbers.
      long counter = i % 3 == 2 ? Long.MIN_VALUE - 30 + i : i;
      assertThat(order.add(i % 3, counter)).isTrue();
    }
    assertThat(order.isFull()).isTrue();
    assertThat(order.isBroken()).isFalse();
    order.clear();
    assertThat(order.size()).isZero();
    // It remembers nothing.
    assertThat(order.add(0, 0)).isTrue();
  }

  @Test
  void oneThatIsLateGoesBack() {
    assertThat(order.add(7, 1)).isTrue();
    assertThat(order.add(7, 3)).isTrue();
    assertThat(order.add(7, 2)).isFalse();
    assertThat(order.add(7, 4)).isFalse();
    assertThat(sorted()).containsExactly(0, 2, 1, 3);
  }

  @Test
  void everyBatchIsSortedAsTheJdkWould() {
    Random random = new Random(TestSize.seed(getClass()));
    for (int batch = 0; batch < TestSize.cases(50_000, 1_000_000); batch++) {
      order.clear();
      int sessions = 1 + random.nextInt(5);
      List<Packet> packets = new ArrayList<>();
      for (int i = random.nextInt(CAPACITY + 1); i > 0; i--) {
        // Sessions whose numbers fall into the same slots, too.
        int session = random.nextInt(sessions) << 20;
        packets.add(new Packet(session, Long.MAX_VALUE - 30 + packets.size()));
      }
      for (int i = random.nextInt(4); i > 0 && packets.size() > 1; i--) {
        Collections.swap(packets, random.nextInt(packets.size()), random.nextInt(packets.size()));
      }
      Map<Integer, List<Packet>> bySession = new LinkedHashMap<>();
      boolean ordered = true;
      for (Packet packet : packets) {
        List<Packet> before = bySession.computeIfAbsent(packet.session(), _ -> new ArrayList<>());
        ordered &= before.stream().allMatch(each -> each.counter() - packet.counter() < 0);
        before.add(packet);
        assertThat(order.add(packet.session(), packet.counter())).isEqualTo(ordered);
      }
      List<Packet> expected = new ArrayList<>();
      for (List<Packet> of : bySession.values()) {
        of.sort((one, other) -> Long.compareUnsigned(one.counter(), other.counter()));
        expected.addAll(of);
      }
      assertThat(sorted().stream().map(packets::get).toList()).isEqualTo(expected);
    }
  }
}
