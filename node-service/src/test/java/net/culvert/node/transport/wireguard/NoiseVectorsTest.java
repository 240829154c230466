package net.culvert.node.transport.wireguard;

import static java.util.Objects.requireNonNull;
import static net.culvert.node.transport.wireguard.Recorded.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Both suites against other implementations of Noise: the vectors of Cacophony, with payloads that
 * WireGuard does not have, and the exchange of docs/protocol.md as the package noiseprotocol has
 * it. {@code make-noise-vectors.py} says where they are from.
 */
class NoiseVectorsTest {

  private static final int EPHEMERAL = KeyText.KEY_BYTES;
  private static final int SEALED_STATIC = KeyText.KEY_BYTES + AeadCipher.TAG_BYTES;

  /** One vector, named by its protocol. */
  record Vector(JsonNode json) {

    CipherSuite suite() {
      return Arrays.stream(CipherSuite.values())
          .filter(suite -> suite.noiseName().equals(name()))
          .findFirst()
          .orElseThrow();
    }

    String name() {
      return json.required("protocol_name").asString();
    }

    PrivateKey key(String name) {
      return PrivateKey.of(bytes(json, name));
    }

    PresharedKey preshared() {
      return PresharedKey.of(
          java.util.HexFormat.of().parseHex(json.required("init_psks").required(0).asString()));
    }

    byte[] payload(int number) {
      return bytes(json.required("messages").required(number), "payload");
    }

    byte[] ciphertext(int number) {
      return bytes(json.required("messages").required(number), "ciphertext");
    }

    int messages() {
      return json.required("messages").size();
    }

    @Override
    public String toString() {
      return name();
    }
  }

  static List<Vector> cacophony() {
    return vectors("cacophony");
  }

  static List<Vector> noiseprotocol() {
    return vectors("noiseprotocol");
  }

  private static List<Vector> vectors(String origin) {
    List<Vector> vectors =
        Recorded.read("noise-vectors.json")
            .required(origin)
            .valueStream()
            .map(Vector::new)
            .toList();
    assertThat(vectors).hasSize(CipherSuite.values().length);
    return vectors;
  }

  /** The state of a handshake, token by token of Noise's IKpsk2. */
  @ParameterizedTest
  @MethodSource("cacophony")
  void theStateFollowsThePattern(Vector vector) {
    PrivateKey initiator = vector.key("init_static");
    PrivateKey responder = vector.key("resp_static");
    PrivateKey first = vector.key("init_ephemeral");
    PrivateKey second = vector.key("resp_ephemeral");
    AeadCipher cipher = new AeadCipher(vector.suite());
    SymmetricState state =
        SymmetricState.begin(
            vector.suite(), cipher, bytes(vector.json(), "init_prologue"), responder.publicKey());
    SymmetricState other =
        SymmetricState.begin(
            vector.suite(), cipher, bytes(vector.json(), "resp_prologue"), responder.publicKey());

    // -> e, es, s, ss
    byte[] expected = vector.ciphertext(0);
    byte[] message = new byte[expected.length];
    System.arraycopy(first.publicKey().bytes(), 0, message, 0, EPHEMERAL);
    state.mixEphemeral(first.publicKey().bytes());
    state.seal(
        state.mixKeyAndDerive(agreed(first, responder)),
        initiator.publicKey().bytes(),
        message,
        EPHEMERAL);
    state.seal(
        state.mixKeyAndDerive(agreed(initiator, responder)),
        vector.payload(0),
        message,
        EPHEMERAL + SEALED_STATIC);
    assertThat(message).isEqualTo(expected);
    byte[] plain = new byte[KeyText.KEY_BYTES];
    other.mixEphemeral(first.publicKey().bytes());
    assertThat(
            other.open(other.mixKeyAndDerive(agreed(responder, first)), message, EPHEMERAL, plain))
        .isTrue();
    assertThat(plain).isEqualTo(initiator.publicKey().bytes());
    plain = new byte[vector.payload(0).length];
    assertThat(
            other.open(
                other.mixKeyAndDerive(agreed(responder, initiator)),
                message,
                EPHEMERAL + SEALED_STATIC,
                plain))
        .isTrue();
    assertThat(plain).isEqualTo(vector.payload(0));

    // <- e, ee, se, psk
    expected = vector.ciphertext(1);
    message = new byte[expected.length];
    System.arraycopy(second.publicKey().bytes(), 0, message, 0, EPHEMERAL);
    other.mixEphemeral(second.publicKey().bytes());
    other.mixKey(agreed(second, first));
    other.mixKey(agreed(second, initiator));
    other.seal(other.mixPresharedKey(vector.preshared()), vector.payload(1), message, EPHEMERAL);
    assertThat(message).isEqualTo(expected);
    state.mixEphemeral(second.publicKey().bytes());
    state.mixKey(agreed(first, second));
    state.mixKey(agreed(initiator, second));
    plain = new byte[vector.payload(1).length];
    assertThat(state.open(state.mixPresharedKey(vector.preshared()), message, EPHEMERAL, plain))
        .isTrue();
    assertThat(plain).isEqualTo(vector.payload(1));

    SealingKey[] keys = state.split();
    SealingKey[] theirs = other.split();
    assertThat(keys[0].getEncoded()).isEqualTo(theirs[0].getEncoded());
    assertThat(keys[1].getEncoded()).isEqualTo(theirs[1].getEncoded());
    assertPackets(vector, keys[0], keys[1]);
  }

  private static byte[] agreed(PrivateKey one, PrivateKey other) {
    return requireNonNull(one.agree(other.publicKey()));
  }

  /** What follows a handshake, the initiator's first: each direction counts from 0. */
  private static void assertPackets(Vector vector, SealingKey initiators, SealingKey responders) {
    AeadCipher cipher = new AeadCipher(vector.suite());
    for (int number = 2; number < vector.messages(); number++) {
      byte[] packet = vector.payload(number);
      byte[] out = new byte[packet.length + AeadCipher.TAG_BYTES];
      SealingKey key = number % 2 == 0 ? initiators : responders;
      assertThat(cipher.seal(key, number / 2 - 1, packet, 0, packet.length, out, 0))
          .isEqualTo(out.length);
      assertThat(out).isEqualTo(vector.ciphertext(number));
    }
  }

  /** Whole messages: what stands between indices and codes is Noise's. */
  @ParameterizedTest
  @MethodSource("noiseprotocol")
  void messagesAreNoises(Vector vector) {
    byte[] prologue = bytes(vector.json(), "init_prologue");
    assertThat(prologue).isEqualTo(SymmetricState.IDENTIFIER);
    PrivateKey initiatorKey = vector.key("init_static");
    PrivateKey responderKey = vector.key("resp_static");
    Handshake initiator = new Handshake(vector.suite(), initiatorKey, new KnownRandom(0x44));
    Handshake responder = new Handshake(vector.suite(), responderKey, new KnownRandom(0x55));

    Handshake.Pending pending =
        requireNonNull(initiator.initiate(responderKey.publicKey(), 1, vector.payload(0)));
    assertThat(Arrays.copyOfRange(pending.message(), 8, 116)).isEqualTo(vector.ciphertext(0));
    Handshake.Received received = requireNonNull(responder.receive(pending.message()));
    assertThat(received.peer()).isEqualTo(initiatorKey.publicKey());
    assertThat(received.timestamp()).isEqualTo(vector.payload(0));

    Handshake.Secrets theirs = requireNonNull(responder.respond(received, vector.preshared(), 2));
    assertThat(Arrays.copyOfRange(theirs.message(), 12, 60)).isEqualTo(vector.ciphertext(1));
    Handshake.Secrets ours =
        requireNonNull(initiator.finish(pending, theirs.message(), vector.preshared()));
    assertPackets(vector, ours.send(), ours.receive());
    assertPackets(vector, theirs.receive(), theirs.send());
  }
}
