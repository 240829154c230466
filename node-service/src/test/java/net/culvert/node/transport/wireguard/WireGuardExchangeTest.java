package net.culvert.node.transport.wireguard;

import static java.util.Objects.requireNonNull;
import static net.culvert.node.transport.wireguard.KnownRandom.filled;
import static net.culvert.node.transport.wireguard.Recorded.bytes;
import static net.culvert.node.transport.wireguard.SimulatedNetwork.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.culvert.node.packet.GatherList;
import net.culvert.node.transport.Conversation;
import net.culvert.node.transport.Conversation.Verdict;
import net.culvert.node.transport.Opener;
import net.culvert.node.transport.Sealer;
import net.culvert.node.transport.TransportPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * A device repeats what an independent initiator and responder said to a real wireguard-go, byte
 * for byte, and understands what wireguard-go answered: {@code record-exchange.py} recorded it.
 */
class WireGuardExchangeTest implements Conversation.Output {

  private static final CipherSuite SUITE = CipherSuite.WIREGUARD;
  private static final int MTU = 1420;
  private static final int INDEX = KnownRandom.INT << 18;
  private static final long EPOCH_NANOS = 1_800_000_000L * SECOND;
  private static final byte[] SOMEWHERE = {127, 0, 0, 1, 1, 2};
  private static final JsonNode RECORDED = Recorded.read("wireguard-go-exchange.json");

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment memory = arena.allocate(4096);
  private final MemorySegment room = arena.allocate(4096);
  private final List<byte[]> said = new ArrayList<>();
  private final PublicKey theirs = PrivateKey.of(filled(0x22)).publicKey();
  private final byte[] request = bytes(RECORDED, "echo request");

  @AfterEach
  void close() {
    arena.close();
  }

  /** A device with one peer, wireguard-go. */
  private final class Ours {
    final JsonNode exchange;
    final WireGuardDevice device;
    final TransportPeer peer;
    final Sealer sealer;
    final Opener opener;
    long now;

    Ours(String exchange, Integer... ephemerals) {
      this.exchange = RECORDED.required(exchange);
      WireGuardTransport transport =
          new WireGuardTransport(SUITE, PrivateKey.of(filled(0x11)), new KnownRandom(ephemerals));
      device = (WireGuardDevice) transport.conversation();
      peer = device.admit(new WireGuardIdentity(theirs, PresharedKey.of(filled(0x33)), 0), now);
      sealer = transport.newSealer();
      opener = transport.newOpener();
    }

    void turn() {
      assertThat(device.turn(now, EPOCH_NANOS + now, WireGuardExchangeTest.this))
          .isGreaterThan(now);
    }

    void hear(String message) {
      byte[] heard = bytes(exchange, message);
      Verdict verdict =
          device.receive(
              heard,
              heard.length,
              SOMEWHERE,
              false,
              now,
              EPOCH_NANOS + now,
              WireGuardExchangeTest.this);
      assertThat(verdict).as(message).isEqualTo(Verdict.ACCEPTED);
    }

    void assertSaid(String message) {
      assertThat(said).as(message).isNotEmpty();
      assertThat(said.removeFirst()).as(message).isEqualTo(bytes(exchange, message));
    }

    void assertKeys(int index) {
      Session session = requireNonNull(device.indices().session(index));
      assertThat(session.sending().getEncoded()).isEqualTo(bytes(exchange, "our sending key"));
      assertThat(session.receiving().getEncoded()).isEqualTo(bytes(exchange, "our receiving key"));
    }

    void assertSeals(byte[] packet, String message) {
      MemorySegment.copy(packet, 0, memory, ValueLayout.JAVA_BYTE, 0, packet.length);
      assertThat(sealer.begin(peer, MTU, now)).isTrue();
      int length =
          sealer.seal(
              memory,
              0,
              packet.length,
              MemorySegment.NULL,
              0,
              0,
              room,
              0,
              new GatherList(arena, 1));
      assertThat(room.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE))
          .as(message)
          .isEqualTo(bytes(exchange, message));
    }

    byte[] open(String message) {
      byte[] heard = bytes(exchange, message);
      MemorySegment.copy(heard, 0, memory, ValueLayout.JAVA_BYTE, 0, heard.length);
      int at = opener.open(memory, 0, heard.length, now);
      assertThat(at).as(message).isNotNegative();
      assertThat(opener.peer()).isSameAs(peer);
      return memory.asSlice(at, opener.innerBytes()).toArray(ValueLayout.JAVA_BYTE);
    }

    /** The reply to the request: another type, other addresses, the same payload, padding. */
    void assertOpensTheReply() {
      byte[] reply = open("their echo reply");
      assertThat(reply).hasSize(96);
      assertThat(reply[20]).isZero();
      assertThat(Arrays.copyOfRange(reply, 12, 16)).isEqualTo(Arrays.copyOfRange(request, 16, 20));
      assertThat(Arrays.copyOfRange(reply, 24, request.length))
          .isEqualTo(Arrays.copyOfRange(request, 24, request.length));
    }
  }

  @Test
  void weBegin() {
    Ours ours = new Ours("ours", 0x44);
    assertThat(ours.sealer.begin(ours.peer, MTU, ours.now)).isFalse();
    ours.turn();
    ours.assertSaid("our initiation");
    ours.hear("their response");
    ours.assertKeys(INDEX);
    ours.assertSaid("our keepalive");
    ours.assertSeals(request, "our echo request");
    ours.assertOpensTheReply();
    assertThat(said).isEmpty();
  }

  @Test
  void theyBegin() {
    Ours ours = new Ours("theirs", 0x55);
    ours.hear("their initiation");
    ours.assertSaid("our response");
    ours.assertKeys(INDEX);
    assertThat(ours.open("their keepalive")).isEmpty();
    ours.assertSeals(request, "our echo request");
    ours.assertOpensTheReply();
    assertThat(said).isEmpty();
  }

  @Test
  void theyAskWhereWeAre() {
    Ours ours = new Ours("cookie", 0x66, 0x77);
    assertThat(ours.sealer.begin(ours.peer, MTU, ours.now)).isFalse();
    ours.turn();
    ours.assertSaid("our initiation");
    ours.hear("their cookie reply");
    ours.turn();
    assertThat(said).isEmpty();
    ours.now += Limits.REKEY_TIMEOUT_NANOS;
    ours.turn();
    ours.assertSaid("our initiation with mac2");
    ours.hear("their response");
    ours.assertKeys(INDEX + 1);
  }

  @Override
  public void send(TransportPeer peer, byte[] message) {
    said.add(message);
  }

  @Override
  public void reply(byte[] message) {
    said.add(message);
  }

  @Override
  public void locate(TransportPeer peer) {}

  @Override
  public boolean knows(TransportPeer peer) {
    return true;
  }
}
