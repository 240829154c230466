package net.culvert.node.transport.wireguard;

import static java.util.Objects.requireNonNull;
import static net.culvert.node.transport.wireguard.SimulatedNetwork.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import net.culvert.node.testing.TestSize;
import net.culvert.node.transport.Opener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Secrets are overwritten when what they are for is over, and what is overwritten seals nothing.
 */
class ForgottenKeysTest {

  private static final byte[] ZEROS = new byte[KeyText.KEY_BYTES];

  private final Random random = new Random(TestSize.seed(getClass()));
  private final PrivateKey left = PrivateKey.generate(random);
  private final PrivateKey right = PrivateKey.generate(random);
  private final byte[] timestamp = Tai64n.of(1_000_000_000_000_000_000L);
  private final SimulatedNetwork network = new SimulatedNetwork(TestSize.seed(getClass()));
  private final SimulatedNode a = network.add(CipherSuite.WIREGUARD);
  private final SimulatedNode b = network.add(CipherSuite.WIREGUARD);

  @AfterEach
  void close() {
    network.close();
  }

  private static void assertForgotten(Handshake.Pending pending) {
    assertThat(pending.ephemeral().toBase64()).isEqualTo(Base64.getEncoder().encodeToString(ZEROS));
    assertThat(pending.state().chainingKey()).isEqualTo(ZEROS);
  }

  private static void assertForgotten(Session session) {
    for (SealingKey key : new SealingKey[] {session.sending(), session.receiving()}) {
      assertThat(key.isDestroyed()).isTrue();
      assertThat(key.bytes()).isEqualTo(ZEROS);
    }
  }

  private static void assertKept(Session session) {
    assertThat(session.sending().bytes()).isNotEqualTo(ZEROS);
    assertThat(session.receiving().isDestroyed()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(CipherSuite.class)
  void aHandshakeThatIsCompleteLeavesItsSessionsKeysAndNothingElse(CipherSuite suite) {
    Handshake initiator = new Handshake(suite, left, random);
    Handshake responder = new Handshake(suite, right, random);
    Handshake.Pending pending = requireNonNull(initiator.initiate(right.publicKey(), 1, timestamp));
    assertThat(pending.state().chainingKey()).isNotEqualTo(ZEROS);
    Handshake.Received received = requireNonNull(responder.receive(pending.message()));
    assertThat(received.state().chainingKey()).isNotEqualTo(ZEROS);
    Handshake.Secrets theirs = requireNonNull(responder.respond(received, PresharedKey.NONE, 2));
    assertThat(received.state().chainingKey()).isEqualTo(ZEROS);
    assertThat(initiator.finish(pending, new byte[92], PresharedKey.NONE)).isNull();
    assertThat(pending.state().chainingKey()).isNotEqualTo(ZEROS);
    Handshake.Secrets ours =
        requireNonNull(initiator.finish(pending, theirs.message(), PresharedKey.NONE));
    assertForgotten(pending);
    assertThat(ours.send().bytes()).isEqualTo(theirs.receive().bytes()).isNotEqualTo(ZEROS);
  }

  @Test
  void anInitiationWithAKeyOfLowOrderIsForgottenWhenItIsAnswered() {
    Handshake responder = new Handshake(CipherSuite.WIREGUARD, right, random);
    Handshake.Pending pending =
        requireNonNull(
            new Handshake(CipherSuite.WIREGUARD, left, random)
                .initiate(right.publicKey(), 1, timestamp));
    Handshake.Received received = requireNonNull(responder.receive(pending.message()));
    Handshake.Received low =
        new Handshake.Received(
            received.peer(), received.timestamp(), 1, PublicKey.of(ZEROS), received.state());
    assertThat(responder.respond(low, PresharedKey.NONE, 2)).isNull();
    assertThat(received.state().chainingKey()).isEqualTo(ZEROS);
  }

  @Test
  void keysOfHandshakesSealOnce() {
    SymmetricState state =
        SymmetricState.begin(
            CipherSuite.WIREGUARD, new AeadCipher(CipherSuite.WIREGUARD), right.publicKey());
    byte[] shared = requireNonNull(left.agree(right.publicKey()));
    SealingKey key = state.mixKeyAndDerive(shared);
    assertThat(shared).isEqualTo(ZEROS);
    state.seal(key, new byte[4], new byte[20], 0);
    assertThat(key.bytes()).isEqualTo(ZEROS);
    SealingKey next = state.mixKeyAndDerive(requireNonNull(left.agree(right.publicKey())));
    assertThat(state.open(next, new byte[20], 0, new byte[4])).isFalse();
    assertThat(next.bytes()).isEqualTo(ZEROS);
  }

  private Session establish() {
    a.meet(b, PresharedKey.generate(random), 0);
    b.meet(a, requireNonNull(a.peer(b)).preshared.copy(), 0);
    a.send(b, -1);
    network.pass(SECOND);
    assertThat(a.send(b, 1)).isTrue();
    network.pass(SECOND);
    assertThat(b.received).contains(1);
    Session session = requireNonNull(a.session(b));
    assertKept(session);
    return session;
  }

  @Test
  void aSessionThatIsTooOldIsForgotten() {
    Session ours = establish();
    Session theirs = requireNonNull(b.session(a));
    network.pass(Limits.REJECT_AFTER_NANOS + SECOND);
    assertForgotten(ours);
    assertForgotten(theirs);
  }

  @Test
  void aSessionIsForgottenWhenTwoNewerOnesHaveBegun() {
    Session first = establish();
    Session second = renewed(first);
    assertKept(first);
    Session third = renewed(second);
    assertForgotten(first);
    assertKept(third);
  }

  private Session renewed(Session before) {
    before.setCounter(Limits.REKEY_AFTER_MESSAGES);
    network.pass(6 * SECOND);
    assertThat(a.send(b, 2)).isTrue();
    network.pass(SECOND);
    Session now = requireNonNull(a.session(b));
    assertThat(now).isNotSameAs(before);
    return now;
  }

  @Test
  void aPeerThatIsGoneIsForgottenWithItsSecrets() {
    Session session = establish();
    WireGuardPeer peer = a.peer(b);
    assertThat(peer.preshared.bytes()).isNotEqualTo(ZEROS);
    a.forgetAll();
    assertForgotten(session);
    assertThat(peer.preshared.bytes()).isEqualTo(ZEROS);
  }

  @Test
  void aHandshakeUnderWayIsForgottenWithItsPeer() {
    a.meet(b, PresharedKey.NONE, 0);
    a.send(b, -1);
    a.turn();
    Handshake.Pending pending = requireNonNull(a.peer(b).pending);
    a.forgetAll();
    assertForgotten(pending);
  }

  @Test
  void aHandshakeIsForgottenWhenTheNextBegins() {
    a.meet(b, PresharedKey.NONE, 0);
    a.send(b, -1);
    a.turn();
    Handshake.Pending pending = requireNonNull(a.peer(b).pending);
    network.pass(6 * SECOND);
    assertThat(a.peer(b).pending).isNotSameAs(pending);
    assertForgotten(pending);
  }

  @Test
  void aPresharedKeyThatWasReplacedIsForgottenAndTheWishsIsNot() {
    PresharedKey first = PresharedKey.generate(random);
    a.meet(b, first, 0);
    PresharedKey held = a.peer(b).preshared;
    assertThat(held).isEqualTo(first);
    a.meet(b, PresharedKey.generate(random), 0);
    assertThat(held.bytes()).isEqualTo(ZEROS);
    assertThat(first.bytes()).isNotEqualTo(ZEROS);
    // Nor is the one that stands for none anybody's to overwrite.
    a.meet(b, PresharedKey.NONE, 0);
    a.forgetAll();
    assertThat(a.peer(b).preshared).isNotSameAs(PresharedKey.NONE);
  }

  /** As when one thread ends a session while another is in the middle of a batch. */
  @Test
  void nothingIsSealedOrOpenedWithAKeyThatIsGone() {
    Session session = establish();
    byte[] datagram = network.log.getLast().bytes();
    session.sending().destroy();
    int carried = network.carried;
    assertThat(a.send(b, 3)).isFalse();
    assertThat(network.carried).isEqualTo(carried);
    requireNonNull(b.session(a)).receiving().destroy();
    b.hear(a.address, datagram);
    assertThat(b.refusals).containsOnlyKeys(Opener.NO_SESSION);
  }

  @ParameterizedTest
  @EnumSource(CipherSuite.class)
  void aCipherRefusesAKeyThatIsGoneAndGoesOnWithAnother(CipherSuite suite) {
    byte[] bytes = new byte[KeyText.KEY_BYTES];
    random.nextBytes(bytes);
    SealingKey gone = new SealingKey(suite, bytes);
    gone.destroy();
    PacketCipher cipher = PacketCipher.Factory.JDK.create(suite);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(64);
      memory.set(ValueLayout.JAVA_INT, 0, 7);
      assertThatThrownBy(() -> cipher.seal(gone, 1, memory, 0, 4))
          .isInstanceOf(SealingKey.Destroyed.class);
      assertThat(memory.get(ValueLayout.JAVA_INT, 0)).isEqualTo(7);
      assertThatThrownBy(() -> cipher.open(gone, 1, memory, 0, 20))
          .isInstanceOf(SealingKey.Destroyed.class);
      SealingKey good = new SealingKey(suite, bytes);
      cipher.seal(good, 1, memory, 0, 4);
      assertThat(cipher.open(good, 1, memory, 0, 20)).isEqualTo(4);
      assertThat(memory.get(ValueLayout.JAVA_INT, 0)).isEqualTo(7);
    }
  }

  @Test
  void aKeyIsNeitherShownNorWritten() {
    byte[] bytes = new byte[KeyText.KEY_BYTES];
    random.nextBytes(bytes);
    SealingKey key = new SealingKey(CipherSuite.WIREGUARD, bytes);
    Set<String> texts =
        Set.of(HexFormat.of().formatHex(bytes), Base64.getEncoder().encodeToString(bytes));
    Handshake.Secrets secrets = new Handshake.Secrets(new byte[0], 1, key, key);
    for (Object each : new Object[] {key, secrets, new SealingKey.Destroyed()}) {
      assertThat(each.toString()).doesNotContain(texts);
    }
    assertThatThrownBy(
            () -> {
              try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
                out.writeObject(key);
              }
            })
        .isInstanceOf(NotSerializableException.class);
  }
}
