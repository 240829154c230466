package net.culvert.node.transport.wireguard;

import static java.util.Objects.requireNonNull;
import static net.culvert.node.transport.wireguard.KnownRandom.filled;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The vectors that docs/protocol.md gives to other implementations, one exchange of each suite. */
class ProtocolVectorsTest {

  private static final HexFormat HEX = HexFormat.of();
  private static final PrivateKey INITIATOR = PrivateKey.of(filled(0x11));
  private static final PrivateKey RESPONDER = PrivateKey.of(filled(0x22));
  private static final PresharedKey PRESHARED = PresharedKey.of(filled(0x33));
  private static final byte[] TIMESTAMP = Tai64n.of(1_800_000_000_000_000_000L);

  private static Map<String, String> vectors(CipherSuite suite) {
    Handshake initiator = new Handshake(suite, INITIATOR, new KnownRandom(0x44));
    Handshake responder = new Handshake(suite, RESPONDER, new KnownRandom(0x55));
    Map<String, String> vectors = new LinkedHashMap<>();
    Handshake.Pending pending =
        requireNonNull(initiator.initiate(RESPONDER.publicKey(), 0x01020304, TIMESTAMP));
    new Macs.Generator(RESPONDER.publicKey()).append(pending.message(), 0);
    vectors.put("initiation", HEX.formatHex(pending.message()));
    Handshake.Secrets theirs =
        requireNonNull(
            responder.respond(
                requireNonNull(responder.receive(pending.message())), PRESHARED, 0x05060708));
    new Macs.Generator(INITIATOR.publicKey()).append(theirs.message(), 0);
    vectors.put("response", HEX.formatHex(theirs.message()));
    Handshake.Secrets ours = requireNonNull(initiator.finish(pending, theirs.message(), PRESHARED));
    vectors.put("sending key of the initiator", HEX.formatHex(ours.send().getEncoded()));
    vectors.put("receiving key of the initiator", HEX.formatHex(ours.receive().getEncoded()));
    byte[] packet = new byte[DataMessage.OVERHEAD_BYTES + 16];
    DataMessage.putHeader(suite, packet, ours.remoteIndex(), 1);
    new AeadCipher(suite).seal(ours.send(), 1, filled(0x66), 0, 16, packet, 16);
    vectors.put("data, counter 1, 16 bytes of 66", HEX.formatHex(packet));
    return vectors;
  }

  @Test
  void theDocumentHasThem() throws IOException {
    String document = Files.readString(Path.of("..", "docs", "protocol.md"));
    for (CipherSuite suite : CipherSuite.values()) {
      vectors(suite)
          .forEach((name, hex) ->
              assertThat(document).as("%s, %s", suite.apiName(), name).contains(wrapped(hex)));
    }
  }

  /** Lines of 64 digits, indented as a block of code. */
  private static String wrapped(String hex) {
    return hex.replaceAll("(.{64})(?=.)", "$1\n    ");
  }
}
