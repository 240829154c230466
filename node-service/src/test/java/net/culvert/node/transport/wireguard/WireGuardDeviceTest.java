package net.culvert.node.transport.wireguard;

import static java.util.Objects.requireNonNull;
import static net.culvert.node.transport.wireguard.SimulatedNetwork.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.culvert.node.testing.TestSize;
import net.culvert.node.transport.Conversation.Verdict;
import net.culvert.node.transport.Opener;
import net.culvert.node.transport.wireguard.SimulatedNetwork.Datagram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two and more devices in simulated time, over good and bad networks. */
class WireGuardDeviceTest {

  private static final long DAY = 86_400 * SECOND;

  private final SimulatedNetwork network = new SimulatedNetwork(TestSize.seed(getClass()));
  private SimulatedNode a = network.add(CipherSuite.WIREGUARD);
  private SimulatedNode b = network.add(CipherSuite.WIREGUARD);

  @AfterEach
  void close() {
    network.close();
  }

  private void meet() {
    meet(PresharedKey.NONE, 0);
  }

  private void meet(PresharedKey preshared, int keepaliveSeconds) {
    a.meet(b, preshared, keepaliveSeconds);
    b.meet(a, preshared, 0);
  }

  /** A session from {@code a} to {@code b}, and one packet each way in it. */
  private void establish() {
    a.send(b, -1);
    network.pass(SECOND);
    assertThat(a.send(b, 1)).isTrue();
    network.pass(SECOND);
    assertThat(b.send(a, 2)).isTrue();
    network.pass(SECOND);
    assertThat(b.received).contains(1);
    assertThat(a.received).contains(2);
  }

  private List<Datagram> logged(MessageType type) {
    return network.log.stream().filter(each -> each.type(CipherSuite.WIREGUARD) == type).toList();
  }

  @ParameterizedTest
  @EnumSource(CipherSuite.class)
  void packetsPassBothWaysOnceThereIsASession(CipherSuite suite) {
    a = network.add(suite);
    b = network.add(suite);
    meet(PresharedKey.generate(new Random(1)), 0);
    assertThat(a.send(b, 0)).isFalse();
    network.pass(SECOND);
    for (int i = 0; i < 100; i++) {
      assertThat(a.send(b, i)).isTrue();
      assertThat(b.send(a, 1000 + i)).isTrue();
    }
    network.pass(SECOND);
    assertThat(b.received).hasSize(100).contains(0, 99);
    assertThat(a.received).hasSize(100).contains(1000, 1099);
    assertThat(a.refusals).isEmpty();
    assertThat(b.refusals).isEmpty();
  }

  @Test
  void bothBeginAtOnce() {
    meet();
    a.send(b, -1);
    b.send(a, -1);
    network.pass(SECOND);
    for (int i = 0; i < 10; i++) {
      assertThat(a.send(b, i)).isTrue();
      assertThat(b.send(a, i)).isTrue();
      network.pass(SECOND / 10);
    }
    assertThat(a.received).hasSize(10);
    assertThat(b.received).hasSize(10);
  }

  @Test
  void whoIsSuspendedHasNoSessionsAndSaysNothing() {
    meet();
    establish();
    a.suspend();
    assertThat(a.indices()).isZero();
    assertThat(a.send(b, 1)).isFalse();
    int before = network.carried;
    network.pass(SECOND);
    assertThat(network.carried).isEqualTo(before);
    // The other's handshakes are heard by nobody, however long it tries.
    b.send(a, 2);
    network.pass(30 * SECOND);
    b.send(a, 3);
    network.pass(2 * SECOND);
    assertThat(a.received).doesNotContain(3);
    assertThat(a.indices()).isZero();
    a.resume();
    a.send(b, 4);
    network.pass(10 * SECOND);
    assertThat(a.send(b, 5)).isTrue();
    network.pass(SECOND);
    assertThat(b.received).contains(5);
  }

  @Test
  void anotherKeyIsAnotherPeer() {
    meet();
    establish();
    a.replaceKey(PrivateKey.generate(new Random(9)));
    assertThat(a.indices()).isZero();
    a.send(b, 1);
    network.pass(10 * SECOND);
    // The other does not know it.
    assertThat(a.send(b, 2)).isFalse();
    a.replaceKey(a.privateKey);
    a.send(b, 3);
    network.pass(10 * SECOND);
    assertThat(a.send(b, 4)).isTrue();
    network.pass(SECOND);
    assertThat(b.received).contains(4);
  }

  @Test
  void silentPeersStaySilent() {
    meet();
    establish();
    network.pass(30 * SECOND);
    int before = network.carried;
    network.pass(DAY);
    assertThat(network.carried).isEqualTo(before);
    assertThat(a.indices()).isZero();
    assertThat(b.indices()).isZero();
  }

  @Test
  void aPacketADayForYears() {
    meet();
    int days = TestSize.isLong() ? 3650 : 1000;
    for (int day = 0; day < days; day++) {
      assertThat(a.send(b, day)).isFalse();
      network.pass(SECOND);
      assertThat(a.send(b, day)).isTrue();
      network.pass(DAY);
    }
    assertThat(b.received).hasSize(days);
    assertThat(a.indices() + b.indices()).isZero();
  }

  @Test
  void steadyTrafficNeverWaitsForANewSession() {
    meet();
    establish();
    int refusedBefore = a.unsent + b.unsent;
    int seconds = TestSize.isLong() ? 200_000 : 20_000;
    for (int i = 0; i < seconds; i++) {
      a.send(b, 10 + i);
      b.send(a, 10 + i);
      network.pass(SECOND);
    }
    assertThat(a.unsent + b.unsent).isEqualTo(refusedBefore);
    assertThat(b.received).hasSize(seconds + 1);
    assertThat(a.received).hasSize(seconds + 1);
    // Two sessions each at most, and perhaps a handshake.
    assertThat(a.indices()).isLessThanOrEqualTo(4);
  }

  @Test
  void whoOnlyReceivesAsksInTimeToo() {
    meet();
    establish();
    int before = a.unsent;
    for (int i = 0; i < 1000; i++) {
      assertThat(b.send(a, 10 + i)).isTrue();
      network.pass(SECOND);
    }
    assertThat(a.unsent).isEqualTo(before);
    assertThat(a.received).hasSize(1001);
  }

  @Test
  void aBadNetworkDelaysAndNeverRepeats() {
    meet();
    network.loss = 0.3;
    network.duplication = 0.3;
    network.jitterNanos = SECOND;
    int sent = 0;
    for (int i = 0; i < 20_000; i++) {
      sent += a.send(b, i) ? 1 : 0;
      if (i % 3 == 0) {
        b.send(a, i);
      }
      network.pass(SECOND / 4);
    }
    network.loss = 0;
    network.pass(10 * SECOND);
    assertThat(new HashSet<>(b.received)).hasSameSizeAs(b.received);
    assertThat(b.received.size()).isBetween(sent / 2, sent);
    assertThat(sent).isGreaterThan(19_000);
    a.send(b, -5);
    network.pass(20 * SECOND);
    assertThat(a.send(b, -6)).isTrue();
  }

  @Test
  void aClockSetBackIsNoObstacle() {
    meet();
    establish();
    for (int i = 0; i < 20; i++) {
      a.epochOffsetNanos -= DAY;
      b.epochOffsetNanos += i % 2 == 0 ? DAY : -2 * DAY;
      network.pass(300 * SECOND);
      a.send(b, -1);
      network.pass(SECOND);
      assertThat(a.send(b, 100 + i)).isTrue();
      network.pass(SECOND);
      assertThat(b.received).contains(100 + i);
    }
  }

  @Test
  void anUnansweredHandshakeIsTriedForAMinuteAndAHalf() {
    meet();
    network.loss = 1;
    a.send(b, -1);
    network.pass(600 * SECOND);
    assertThat(network.carried).isBetween(15, 19);
    assertThat(logged(MessageType.INITIATION)).hasSize(network.carried);
    assertThat(a.indices()).isZero();
    network.loss = 0;
    a.send(b, -1);
    network.pass(SECOND);
    assertThat(a.send(b, 1)).isTrue();
  }

  @Test
  void dataIsAnsweredWithAWordAfterTenSeconds() {
    meet();
    establish();
    network.pass(20 * SECOND);
    int before = network.carried;
    a.send(b, 3);
    network.pass(9 * SECOND);
    assertThat(network.carried).isEqualTo(before + 1);
    network.pass(2 * SECOND);
    assertThat(network.carried).isEqualTo(before + 2);
    assertThat(network.log.getLast().bytes()).hasSize(MessageType.DATA.bytes());
  }

  @Test
  void silenceAfterDataMeansAnotherHandshake() {
    meet();
    establish();
    network.pass(20 * SECOND);
    network.loss = 1;
    a.send(b, 3);
    network.pass(14 * SECOND);
    assertThat(logged(MessageType.INITIATION)).hasSize(1);
    network.pass(2 * SECOND);
    assertThat(logged(MessageType.INITIATION)).hasSize(2);
  }

  @Test
  void keepalivesKeepASessionUpForEver() {
    meet(PresharedKey.NONE, 25);
    network.pass(SECOND);
    assertThat(b.session(a)).isNotNull();
    for (int i = 0; i < 100; i++) {
      network.pass(100 * SECOND);
      assertThat(a.session(b)).isNotNull();
      assertThat(b.session(a)).isNotNull();
    }
    int before = network.carried;
    network.pass(100 * SECOND);
    assertThat(network.carried - before).isBetween(3, 12);
  }

  @Test
  void aWordToAPeerThatIsNowhereIsNoReasonToHurry() {
    meet(PresharedKey.NONE, 25);
    a.lose(b);
    a.turn();
    assertThat(a.turn()).isGreaterThanOrEqualTo(network.now + SECOND);
    assertThat(network.carried).isZero();
    // It begins itself, and then it is known where it is.
    b.send(a, -1);
    network.pass(30 * SECOND);
    assertThat(a.session(b)).isNotNull();
  }

  @Test
  void aRestartedPeerIsHeardAgain() {
    meet();
    establish();
    network.pass(20 * SECOND);
    SimulatedNode reborn = b;
    reborn.forgetAll();
    reborn.meet(a, PresharedKey.NONE, 0);
    assertThat(a.send(b, 5)).isTrue();
    network.pass(17 * SECOND);
    assertThat(a.send(b, 6)).isTrue();
    network.pass(SECOND);
    assertThat(b.refusals).containsKey(Opener.NO_SESSION);
    assertThat(b.received).contains(6).doesNotContain(5);
  }

  @Test
  void aPeerThatMovedIsFollowed() {
    meet();
    establish();
    int there = network.move(b);
    assertThat(b.send(a, 7)).isTrue();
    network.pass(SECOND);
    assertThat(a.addressOf(b)).isEqualTo(there);
    assertThat(a.send(b, 8)).isTrue();
    network.pass(SECOND);
    assertThat(b.received).contains(8);
  }

  @Test
  void aForgedSourceMovesNobody() {
    meet();
    establish();
    int there = a.addressOf(b);
    byte[] forged = network.log.getLast().bytes().clone();
    forged[forged.length - 1] ^= 1;
    a.hear(99, forged);
    // Replayed from elsewhere it is authentic, and yet was seen before.
    a.hear(99, network.log.getLast().bytes());
    assertThat(a.addressOf(b)).isEqualTo(there);
    assertThat(a.refusals).containsKeys(Opener.NOT_AUTHENTIC, Opener.REPLAYED);
  }

  @Test
  void everyMessageIsGoodOnce() {
    meet();
    establish();
    Datagram initiation = logged(MessageType.INITIATION).getLast();
    Datagram response = logged(MessageType.RESPONSE).getLast();
    Session session = requireNonNull(a.session(b));
    network.pass(SECOND);
    b.hear(initiation.from(), initiation.bytes());
    a.hear(response.from(), response.bytes());
    network.pass(SECOND);
    assertThat(b.verdicts).containsEntry(Verdict.REPLAYED, 1);
    assertThat(a.verdicts).containsEntry(Verdict.UNKNOWN, 1);
    assertThat(a.session(b)).isSameAs(session);
  }

  @Test
  void anOlderInitiationIsRefusedAlsoInAnotherSession() {
    meet();
    establish();
    Datagram first = logged(MessageType.INITIATION).getLast();
    network.pass(200 * SECOND);
    a.send(b, -1);
    network.pass(SECOND);
    b.hear(first.from(), first.bytes());
    assertThat(b.verdicts).containsEntry(Verdict.REPLAYED, 1);
  }

  @Test
  void aSessionEndsWithItsTime() {
    meet();
    establish();
    Datagram data = logged(MessageType.DATA).getLast();
    network.pass(181 * SECOND);
    SimulatedNode receiver = data.to() == b.address ? b : a;
    receiver.hear(data.from(), data.bytes());
    assertThat(receiver.refusals).containsEntry(Opener.NO_SESSION, 1);
    assertThat(a.send(b, 9)).isFalse();
  }

  @Test
  void aSessionEndsWithItsCounter() {
    meet();
    establish();
    requireNonNull(a.session(b)).setCounter(Limits.REJECT_AFTER_MESSAGES - 1);
    assertThat(a.send(b, 10)).isTrue();
    assertThat(a.send(b, 11)).isFalse();
    network.pass(SECOND / 2);
    assertThat(b.received).contains(10).doesNotContain(11);
    network.pass(10 * SECOND);
    assertThat(a.send(b, 12)).isTrue();
    network.pass(SECOND);
    assertThat(b.received).contains(12);
  }

  @Test
  void aCounterPastTheLastIsRefused() {
    meet();
    establish();
    requireNonNull(a.session(b)).setCounter(Limits.REJECT_AFTER_MESSAGES - 1);
    a.send(b, 10);
    byte[] datagram = network.log.getLast().bytes().clone();
    for (long past : new long[] {Limits.REJECT_AFTER_MESSAGES, -1L, -(1L << 13)}) {
      LittleEndian.putI64(datagram, DataMessage.COUNTER_AT, past);
      b.hear(a.address, datagram);
    }
    assertThat(b.refusals).containsEntry(Opener.REPLAYED, 3);
  }

  @Test
  void wrongPresharedKeysNeverMeet() {
    a.meet(b, PresharedKey.generate(new Random(1)), 0);
    b.meet(a, PresharedKey.generate(new Random(2)), 0);
    a.send(b, -1);
    network.pass(20 * SECOND);
    assertThat(a.session(b)).isNull();
    assertThat(a.verdicts.get(Verdict.NOT_AUTHENTIC)).isPositive();
    assertThat(a.verdicts).doesNotContainKey(Verdict.ACCEPTED);
  }

  @Test
  void strangersAreNotAnswered() {
    a.meet(b, PresharedKey.NONE, 0);
    a.send(b, -1);
    network.pass(4 * SECOND);
    assertThat(b.verdicts).containsOnlyKeys(Verdict.UNKNOWN);
    assertThat(network.carried).isEqualTo(1);
  }

  @Test
  void underLoadASenderProvesWhereItIs() {
    meet();
    b.underLoad = true;
    a.send(b, -1);
    network.pass(SECOND);
    assertThat(b.verdicts).containsOnlyKeys(Verdict.LIMITED);
    assertThat(network.log.getLast().bytes()).hasSize(MessageType.COOKIE_REPLY.bytes());
    assertThat(a.session(b)).isNull();
    network.pass(6 * SECOND);
    assertThat(b.verdicts).containsEntry(Verdict.ACCEPTED, 1);
    assertThat(a.session(b)).isNotNull();
  }

  @Test
  void underLoadNobodyIsAnsweredWithoutEnd() {
    meet();
    b.underLoad = true;
    a.send(b, -1);
    network.pass(7 * SECOND);
    Datagram proven = logged(MessageType.INITIATION).getLast();
    int accepted = 0;
    for (int i = 0; i < 100; i++) {
      b.hear(proven.from(), proven.bytes());
      accepted = b.verdicts.getOrDefault(Verdict.REPLAYED, 0);
    }
    assertThat(accepted).isLessThan(InitiationRate.BURST + 1);
  }

  @Test
  void initiationsOfOnePeerAreAtLeastTwentyMillisecondsApart() {
    meet();
    SimulatedNode c = network.add(CipherSuite.WIREGUARD);
    b.meet(c, PresharedKey.NONE, 0);
    long stamp = b.epochOffsetNanos;
    hasten(a, stamp);
    network.pass(Limits.INITIATION_SPACING_NANOS - 1);
    hasten(a, stamp + SECOND);
    assertThat(b.verdicts).containsExactlyInAnyOrderEntriesOf(verdicts(1, 1));
    // Another peer has a spacing of its own.
    hasten(c, stamp);
    assertThat(b.verdicts).containsExactlyInAnyOrderEntriesOf(verdicts(2, 1));
    // What was refused counts for nothing: neither is the time stamp used up nor the wait begun
    // anew.
    network.pass(1);
    hasten(a, stamp + SECOND);
    assertThat(b.verdicts).containsExactlyInAnyOrderEntriesOf(verdicts(3, 1));
    assertThat(b.indices()).isEqualTo(2);
    network.pass(SECOND);
    assertThat(logged(MessageType.RESPONSE)).hasSize(3);
  }

  private static Map<Verdict, Integer> verdicts(int accepted, int limited) {
    return Map.of(Verdict.ACCEPTED, accepted, Verdict.LIMITED, limited);
  }

  /** An initiation from a peer whose own timers would not have sent it yet. */
  private void hasten(SimulatedNode from, long stampNanos) {
    PublicKey to = b.privateKey.publicKey();
    Handshake handshake =
        new Handshake(CipherSuite.WIREGUARD, from.privateKey, new Random(stampNanos));
    byte[] message =
        requireNonNull(handshake.initiate(to, 1 << 17, Tai64n.of(stampNanos))).message();
    new Macs.Generator(to).append(message, network.now);
    b.hear(from.address, message);
  }

  @Test
  void aPeerThatIsGoneLeavesNothing() {
    meet();
    establish();
    a.forgetAll();
    assertThat(a.indices()).isZero();
    assertThat(b.send(a, 20)).isTrue();
    network.pass(SECOND);
    assertThat(a.received).doesNotContain(20);
    assertThat(a.refusals).containsEntry(Opener.NO_SESSION, 1);
  }

  @Test
  void suitesAreToldApart() {
    SimulatedNode other = network.add(CipherSuite.CULVERT_AES);
    meet();
    other.meet(b, PresharedKey.NONE, 0);
    other.send(b, -1);
    network.pass(SECOND);
    assertThat(b.refusals).containsOnlyKeys(Opener.OTHER_SUITE);
  }

  @Test
  void rubbishOfEveryLengthIsSurvived() {
    meet();
    establish();
    Random random = new Random(TestSize.seed(getClass()));
    int cases = TestSize.cases(1_000_000, 100_000_000);
    for (int i = 0; i < cases; i++) {
      byte[] datagram = new byte[random.nextInt(200)];
      random.nextBytes(datagram);
      if (datagram.length >= 4) {
        LittleEndian.putI32(datagram, 0, random.nextInt(6));
      }
      if (random.nextBoolean() && datagram.length > 4) {
        byte[] known = network.log.get(random.nextInt(network.log.size())).bytes().clone();
        known[random.nextInt(known.length)] ^= (byte) (1 + random.nextInt(255));
        datagram = known;
      }
      b.hear(98, datagram);
    }
    network.pass(SECOND);
    assertThat(b.addressOf(a)).isEqualTo(a.address);
    assertThat(b.indices()).isLessThanOrEqualTo(2);
    a.send(b, 77);
    network.pass(SECOND);
    assertThat(b.received).contains(77);
  }
}
