package net.culvert.node.transport.wireguard;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The two messages, from both sides. */
class HandshakeTest {

  private final Random random = new Random(7);
  private final PrivateKey left = PrivateKey.generate(random);
  private final PrivateKey right = PrivateKey.generate(random);
  private final PresharedKey preshared = PresharedKey.generate(random);
  private final byte[] timestamp = Tai64n.of(1_000_000_000_000_000_000L);

  private Handshake.Pending initiation(CipherSuite suite) {
    return requireNonNull(
        new Handshake(suite, left, random).initiate(right.publicKey(), 11, timestamp));
  }

  @ParameterizedTest
  @EnumSource(CipherSuite.class)
  void bothSidesDeriveTheSameKeys(CipherSuite suite) {
    Handshake responder = new Handshake(suite, right, random);
    Handshake.Pending pending = initiation(suite);

    Handshake.Received received = requireNonNull(responder.receive(pending.message()));
    assertThat(received.peer()).isEqualTo(left.publicKey());
    assertThat(received.timestamp()).isEqualTo(timestamp);
    assertThat(received.senderIndex()).isEqualTo(11);

    Handshake.Secrets theirs = requireNonNull(responder.respond(received, preshared, 22));
    Handshake.Secrets ours =
        requireNonNull(
            new Handshake(suite, left, random).finish(pending, theirs.message(), preshared));
    assertThat(ours.remoteIndex()).isEqualTo(22);
    assertThat(ours.send().getEncoded()).isEqualTo(theirs.receive().getEncoded());
    assertThat(ours.receive().getEncoded()).isEqualTo(theirs.send().getEncoded());
    assertThat(ours.send().getEncoded()).isNotEqualTo(ours.receive().getEncoded());
  }

  @Test
  void aForgedResponseDoesNotSpoilTheTrueOne() {
    Handshake responder = new Handshake(CipherSuite.WIREGUARD, right, random);
    Handshake initiator = new Handshake(CipherSuite.WIREGUARD, left, random);
    Handshake.Pending pending = initiation(CipherSuite.WIREGUARD);
    Handshake.Received received = requireNonNull(responder.receive(pending.message()));
    Handshake.Secrets theirs = requireNonNull(responder.respond(received, preshared, 22));

    byte[] forged = theirs.message().clone();
    forged[50] ^= 1;
    assertThat(initiator.finish(pending, forged, preshared)).isNull();
    assertThat(initiator.finish(pending, theirs.message(), PresharedKey.NONE)).isNull();
    assertThat(initiator.finish(pending, theirs.message(), preshared)).isNotNull();
  }

  @Test
  void everyBitOfAnInitiationIsAuthenticated() {
    Handshake responder = new Handshake(CipherSuite.WIREGUARD, right, random);
    byte[] message = initiation(CipherSuite.WIREGUARD).message();
    // The top bit of the ephemeral key, byte 39, is not part of the point but goes into the hash.
    for (int at = 8; at < 116; at++) {
      byte[] changed = message.clone();
      changed[at] ^= (byte) (at == 39 ? 0x80 : 1 << at % 8);
      assertThat(responder.receive(changed)).as("byte %s", at).isNull();
    }
  }

  @Test
  void suitesDoNotUnderstandEachOther() {
    byte[] message = initiation(CipherSuite.CULVERT_AES).message();
    assertThat(CipherSuite.speaking(LittleEndian.i32(message, 0)))
        .isEqualTo(CipherSuite.CULVERT_AES);
    assertThat(CipherSuite.WIREGUARD.typeOf(LittleEndian.i32(message, 0))).isNull();
    assertThat(new Handshake(CipherSuite.WIREGUARD, right, random).receive(message)).isNull();
  }

  @Test
  void lowOrderKeysAreRefusedOnBothSides() {
    PublicKey zero = PublicKey.of(new byte[32]);
    Handshake handshake = new Handshake(CipherSuite.WIREGUARD, left, random);
    assertThat(handshake.initiate(zero, 1, timestamp)).isNull();
    assertThat(handshake.receive(new byte[148])).isNull();
  }

  @Test
  void timeStampsGrow() {
    byte[] before = Tai64n.of(-1);
    for (long nanos = 0; nanos < 3_000_000_000L; nanos += Tai64n.STEP_NANOS) {
      byte[] next = Tai64n.of(nanos);
      assertThat(Tai64n.isAfter(next, before)).isTrue();
      assertThat(Tai64n.isAfter(before, next)).isFalse();
      before = next;
    }
  }
}
