package net.culvert.node.lab;

import static java.util.Objects.requireNonNull;
import static net.culvert.node.lab.Bodies.link;
import static net.culvert.node.lab.Bodies.name;
import static net.culvert.node.lab.Bodies.wireGuard;
import static net.culvert.node.lab.Bodies.wireGuardPeer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import javax.imageio.ImageIO;
import net.culvert.api.client.ProblemException;
import net.culvert.api.tunnel.Cipher;
import net.culvert.api.tunnel.Peer;
import net.culvert.api.tunnel.PeerConfigurationRequest;
import net.culvert.api.tunnel.Tunnel;
import net.culvert.api.tunnel.TunnelApi;
import net.culvert.api.value.Endpoint;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.Prefix;
import net.culvert.node.testing.RequiresCommand;
import net.culvert.node.testing.RequiresRoot;
import net.culvert.node.testing.Shell;
import net.culvert.node.transport.wireguard.PrivateKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code wg(8)} and a WireGuard tunnel of a node. */
@RequiresRoot
@RequiresCommand("wg")
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WgToolIT {

  private static final Path SOCKETS = Path.of("/var/run/wireguard");

  private final SecureRandom random = new SecureRandom();
  private final Lab lab = new Lab();
  private final LabNode node = lab.start(lab.a());
  private final String device = "wgt" + ThreadLocalRandom.current().nextInt(100_000, 1_000_000);
  private final Path socket = SOCKETS.resolve(device + ".sock");
  private final String keyB = PrivateKey.generate(random).publicKey().toString();
  private final String keyC = PrivateKey.generate(random).publicKey().toString();
  private String nodesKey = "";

  @BeforeAll
  void start() {
    node.awaitReady();
  }

  @BeforeEach
  void tunnel() {
    Tunnel tunnel =
        requireNonNull(
            node.client()
                .tunnels()
                .put(link(device), null, wireGuard(Cipher.CHACHA20_POLY1305))
                .getBody());
    nodesKey = requireNonNull(tunnel.publicKey()).value();
    assertThat(tunnel.status().observed()).containsEntry("wireguardSocket", socket.toString());
  }

  @AfterEach
  void remove() {
    node.client().tunnels().delete(link(device), null);
    assertThat(socket).doesNotExist();
  }

  @AfterAll
  void close() {
    lab.close();
  }

  private static String wg(String... arguments) {
    String[] line = new String[arguments.length + 1];
    line[0] = "wg";
    System.arraycopy(arguments, 0, line, 1, arguments.length);
    return Shell.run(line).strip();
  }

  private List<Peer> peers() {
    return node.client().peers().list(link(device)).items();
  }

  private Peer peerOf(String key) {
    return peers().stream()
        .filter(each -> requireNonNull(each.publicKey()).value().equals(key))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theSocketIsItsOwnersAlone() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
        .isEqualTo("rw-------");
    try (var left = Files.list(SOCKETS)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .noneMatch(each -> each.startsWith(".culvert"));
    }
  }

  @Test
  void showTellsWhatRestDoes() {
    node.client()
        .peers()
        .put(
            link(device),
            name("b"),
            null,
            wireGuardPeer(keyB, null, "198.51.100.2:51820", 25, "10.1.2.0/24", "fd00:2::/64"));
    assertThat(wg("show", device, "public-key")).isEqualTo(nodesKey);
    assertThat(wg("show", device, "listen-port")).isEqualTo("51820");
    assertThat(wg("show", device, "endpoints")).isEqualTo(keyB + "\t198.51.100.2:51820");
    assertThat(wg("show", device, "allowed-ips")).isEqualTo(keyB + "\t10.1.2.0/24 fd00:2::/64");
    assertThat(wg("show", device, "persistent-keepalive")).isEqualTo(keyB + "\t25");
    assertThat(wg("showconf", device))
        .contains("ListenPort = 51820", "PublicKey = " + keyB, "PersistentKeepalive = 25");
    assertThat(wg("show", "interfaces")).contains(device);
  }

  @Test
  void setIsAChangeOfTheWish() {
    wg("set", device, "peer", keyB, "allowed-ips", "10.1.2.3/24", "endpoint", "198.51.100.2:1");
    Peer peer = peers().getFirst();
    assertThat(peer.name().value()).matches("wg-[0-9a-f]{12}");
    assertThat(peer.allowedPrefixes()).containsExactly(Prefix.parse("10.1.2.0/24"));
    assertThat(peer.installRoutes()).isFalse();

    String preshared = lab.file("preshared", wg("genpsk")).toString();
    wg("set", device, "peer", keyB, "preshared-key", preshared, "persistent-keepalive", "9");
    assertThat(peerOf(keyB).hasPresharedKey()).isTrue();
    assertThat(peerOf(keyB).persistentKeepalive()).isEqualTo(9);
    assertThat(peerOf(keyB).allowedPrefixes()).hasSize(1);

    wg("set", device, "listen-port", "51999");
    assertThat(wg("show", device, "listen-port")).isEqualTo("51999");
    assertThat(
            requireNonNull(node.client().tunnels().get(link(device)).getBody())
                .listen()
                .getFirst()
                .port())
        .isEqualTo(51999);

    String key = lab.file("key", PrivateKey.generate(random).toBase64()).toString();
    wg("set", device, "private-key", key);
    assertThat(wg("show", device, "public-key")).isNotEqualTo(nodesKey);

    wg("set", device, "peer", keyB, "remove");
    assertThat(peers()).isEmpty();
  }

  @Test
  void allWhoLeaveOutTheKeyAreToldOfOne() throws Exception {
    int writers = 6;
    CyclicBarrier begin = new CyclicBarrier(writers);
    List<Callable<String>> puts =
        Collections.nCopies(
            writers,
            () -> {
              begin.await();
              var answer =
                  node.client()
                      .tunnels()
                      .put(link(device), null, wireGuard(Cipher.CHACHA20_POLY1305))
                      .getBody();
              return requireNonNull(requireNonNull(answer).publicKey()).value();
            });
    try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
      for (int round = 0; round < 5; round++) {
        node.client().tunnels().delete(link(device), null);
        Set<String> keys = new HashSet<>();
        for (Future<String> each : threads.invokeAll(puts)) {
          keys.add(each.get());
        }
        assertThat(keys).hasSize(1);
      }
    }
  }

  @Test
  void aPrefixMovesToItsLastOwner() {
    wg("set", device, "peer", keyB, "allowed-ips", "10.1.2.0/24,10.1.3.0/24");
    wg("set", device, "peer", keyC, "allowed-ips", "10.1.3.0/24");
    assertThat(peerOf(keyB).allowedPrefixes()).containsExactly(Prefix.parse("10.1.2.0/24"));
    assertThat(peerOf(keyC).allowedPrefixes()).containsExactly(Prefix.parse("10.1.3.0/24"));
    // Both at once, and each gets what the other had.
    wg(
        "set",
        device,
        "peer",
        keyB,
        "allowed-ips",
        "10.1.3.0/24",
        "peer",
        keyC,
        "allowed-ips",
        "10.1.2.0/24");
    assertThat(peerOf(keyB).allowedPrefixes()).containsExactly(Prefix.parse("10.1.3.0/24"));
    assertThat(peerOf(keyC).allowedPrefixes()).containsExactly(Prefix.parse("10.1.2.0/24"));
  }

  @Test
  void syncconfMakesItAsTheFileSays() {
    wg("set", device, "peer", keyB, "allowed-ips", "10.1.2.0/24");
    Path file =
        lab.file(
            "wg.conf",
            "[Interface]\nPrivateKey = "
                + PrivateKey.generate(random).toBase64()
                + "\nListenPort = 51820\n[Peer]\nPublicKey = "
                + keyC
                + "\nAllowedIPs = 10.1.2.0/24, fd00:2::/64\nPersistentKeepalive = 5\n");
    wg("syncconf", device, file.toString());
    assertThat(peers()).hasSize(1);
    assertThat(peerOf(keyC).persistentKeepalive()).isEqualTo(5);
    wg("setconf", device, file.toString());
    assertThat(peers()).hasSize(1);
    wg("addconf", device, lab.file("more.conf", "[Peer]\nPublicKey = " + keyB + "\n").toString());
    assertThat(peers()).hasSize(2);
  }

  private HttpResponse<String> put(String path, String body) {
    return node.http("PUT", "/api/v1/tunnels/" + path, body);
  }

  @Test
  void keysStayWhereTheBodySaysNothing() {
    String key = PrivateKey.generate(random).toBase64();
    String given =
        put(device, "{\"transport\":\"wireguard\",\"privateKey\":\"" + key + "\"}").body();
    String publicKey = wg("show", device, "public-key");
    assertThat(publicKey).isNotEqualTo(nodesKey);
    assertThat(given).contains(publicKey).doesNotContain(key);
    long revision = requireNonNull(tunnels().get(link(device)).getBody()).revision();
    assertThat(put(device, "{\"transport\":\"wireguard\"}").statusCode()).isEqualTo(200);
    assertThat(requireNonNull(tunnels().get(link(device)).getBody()).revision())
        .isEqualTo(revision);
    put(device, "{\"transport\":\"wireguard\",\"privateKey\":null}");
    assertThat(wg("show", device, "public-key")).isNotEqualTo(publicKey);

    String peer = device + "/peers/b";
    String body = "{\"publicKey\":\"" + keyB + "\",\"allowedPrefixes\":[]";
    String withKey = put(peer, body + ",\"presharedKey\":\"" + key + "\"}").body();
    assertThat(withKey).contains("\"hasPresharedKey\":true").doesNotContain(key);
    assertThat(put(peer, body + "}").body()).contains("\"hasPresharedKey\":true");
    assertThat(put(peer, body + ",\"presharedKey\":null}").body())
        .contains("\"hasPresharedKey\":false");
    assertThat(node.log()).doesNotContain(key);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          DEV         | {"transport":"wireguard","framing":"ip"}                         | 400 | framing
          DEV         | {"transport":"wireguard","privateKey":"AAAA"}                    | 400 | privateKey
          DEV         | {"transport":"wireguard","privateKey":7}                         | 400 | privateKey
          DEV         | {"transport":"wireguard","cipher":"rot13"}                       | 400 | cipher
          other       | {"transport":"plain","cipher":"aes-256-gcm"}                     | 400 | cipher
          other       | {"transport":"plain","privateKey":null}                          | 400 | privateKey
          DEV/peers/b | {"allowedPrefixes":[]}                                           | 400 | publicKey
          DEV/peers/b | {"allowedPrefixes":[],"publicKey":"LOW"}                         | 400 | publicKey
          DEV/peers/b | {"allowedPrefixes":[],"publicKey":"OWN"}                         | 409 | publicKey
          DEV/peers/b | {"allowedPrefixes":[],"publicKey":"KEY","persistentKeepalive":-1}| 400 | persistentKeepalive
          DEV/peers/b | {"allowedPrefixes":["10.1.2.3/24"],"publicKey":"KEY"}            | 400 | allowedPrefixes[0]
          """)
  void whatCannotBeNamesItsField(String path, String body, int status, String field) {
    HttpResponse<String> answer =
        put(
            path.replace("DEV", device),
            body.replace("LOW", "A".repeat(43) + "=")
                .replace("OWN", nodesKey)
                .replace("KEY", keyB));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains("\"field\":\"" + field + "\"");
    assertThat(peers()).isEmpty();
    assertThat(tunnels().list().items()).hasSize(1);
  }

  @Test
  void aKeyIsOnePeersAlone() {
    put(device + "/peers/b", "{\"publicKey\":\"" + keyB + "\",\"allowedPrefixes\":[]}");
    HttpResponse<String> second =
        put(device + "/peers/c", "{\"publicKey\":\"" + keyB + "\",\"allowedPrefixes\":[]}");
    assertThat(second.statusCode()).isEqualTo(409);
    assertThat(second.body()).contains(device + "/b");
  }

  private TunnelApi tunnels() {
    return node.client().tunnels();
  }

  private String file(String more, String peers) {
    return "[Interface]\nPrivateKey = "
        + PrivateKey.generate(random).toBase64()
        + "\nListenPort = 51821 # not the usual one\nAddress = 10.9.0.1/24, fd00:9::1\n"
        + more
        + "\n"
        + peers;
  }

  private static String section(String key, String allowed) {
    return "[Peer]\nPublicKey = " + key + "\nAllowedIPs = " + allowed + "\n";
  }

  @Test
  void aFileBecomesATunnelAndATunnelAFile() {
    TunnelApi tunnels = tunnels();
    String text =
        file("MTU = 1400", section(keyB, "10.1.2.3/24") + section(keyC, "10.1.2.0/24, ::/0"));
    assertThat(tunnels.put(link(device), text).getStatusCode().value()).isEqualTo(200);
    assertThat(wg("show", device, "listen-port")).isEqualTo("51821");
    assertThat(peerOf(keyB).allowedPrefixes()).isEmpty();
    assertThat(peerOf(keyC).allowedPrefixes()).hasSize(2);
    assertThat(peerOf(keyC).installRoutes()).isFalse();
    String out =
        requireNonNull(node.client().configurations().configuration(link(device)).getBody());
    assertThat(out)
        .contains("ListenPort = 51821", "Address = 10.9.0.1/24", "Address = fd00:9::1/128")
        .contains("MTU = 1400", "Table = off", "PublicKey = " + keyC)
        .doesNotContain("PrivateKey =");
    assertThat(Shell.run("wg-quick", "strip", lab.file("strip0.conf", out).toString()))
        .contains(keyC);

    tunnels.put(link(device), file("Table = auto", section(keyB, "10.7.0.0/16")));
    assertThat(peers()).hasSize(1);
    assertThat(peerOf(keyB).installRoutes()).isTrue();
    assertThat(node.kernel().routes(device)).anyMatch(route -> route.contains("10.7.0.0/16"));
  }

  @Test
  void aFileThatCannotBeLeavesTheTunnelAsItWas() {
    TunnelApi tunnels = tunnels();
    wg("set", device, "peer", keyB, "allowed-ips", "10.1.2.0/24");
    String key = wg("show", device, "public-key");
    for (String bad :
        List.of(
            file("PostUp = reboot", ""),
            file("Table = 1234", ""),
            file("Nonsense = 1", ""),
            file("", "[Peer]\nAllowedIPs = 10.0.0.0/8\n"),
            file("", section("AAAA", "10.0.0.0/8")),
            // The last peer's key is nobody's, which shows only when it is applied.
            file("", section(keyC, "10.5.0.0/16") + section("A".repeat(43) + "=", "10.6.0.0/16")),
            "",
            "[Peer]\n")) {
      assertThatThrownBy(() -> tunnels.put(link(device), bad))
          .as(bad)
          .isInstanceOf(ProblemException.class)
          .satisfies(e -> assertThat(((ProblemException) e).status()).isIn(400, 409));
    }
    assertThat(wg("show", device, "public-key")).isEqualTo(key);
    assertThat(wg("show", device, "listen-port")).isEqualTo("51820");
    assertThat(peers()).hasSize(1);
    assertThat(peerOf(keyB).allowedPrefixes()).containsExactly(Prefix.parse("10.1.2.0/24"));
    // And of a tunnel that was to be new there is nothing.
    LinkName other = link("x" + device.substring(1));
    String late = file("", section(keyC, "10.5.0.0/16") + section("A".repeat(43) + "=", "::/1"));
    assertThatThrownBy(() -> tunnels.put(other, late)).isInstanceOf(ProblemException.class);
    assertThat(node.kernel().link(other.value())).isEmpty();
    assertThat(tunnels.list().items()).hasSize(1);
  }

  @Test
  void aPhoneGetsItsConfigurationOnce() throws Exception {
    node.client()
        .peers()
        .put(
            link(device),
            name("phone"),
            null,
            wireGuardPeer(keyB, null, null, null, "10.9.0.2/32", "10.8.0.0/24"));
    PeerConfigurationRequest request =
        new PeerConfigurationRequest(Endpoint.parse("198.51.100.1:51820"), null, null);
    String text =
        requireNonNull(
            node.client()
                .configurations()
                .issueText(link(device), name("phone"), request)
                .getBody());
    assertThat(text)
        .contains("Address = 10.9.0.2/32\n", "PublicKey = " + nodesKey)
        .contains("Endpoint = 198.51.100.1:51820", "AllowedIPs = 0.0.0.0/0, ::/0");
    String issued = text.replaceFirst("(?s).*PrivateKey = (\\S+).*", "$1");
    assertThat(requireNonNull(peers().getFirst().publicKey()).value())
        .isEqualTo(PrivateKey.parse(issued).publicKey().toString())
        .isNotEqualTo(keyB);
    assertThat(node.log()).doesNotContain(issued);

    byte[] png =
        requireNonNull(
            node.client()
                .configurations()
                .issueQrCode(link(device), name("phone"), request)
                .getBody());
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
    int[] pixels =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    String read =
        new QRCodeReader()
            .decode(
                new BinaryBitmap(
                    new HybridBinarizer(
                        new RGBLuminanceSource(image.getWidth(), image.getHeight(), pixels))))
            .getText();
    assertThat(read).contains("[Interface]\nPrivateKey = ").doesNotContain(issued);
    assertThatThrownBy(() ->
            node.client()
                .configurations()
                .issueText(
                    link(device), name("phone"), new PeerConfigurationRequest(null, null, null)))
        .isInstanceOf(ProblemException.class);
  }

  @Test
  void whatCannotBeIsRefusedAndChangesNothing() throws IOException {
    for (String request :
        List.of(
            "set=1\nlisten_port=99999\n\n",
            "set=1\npublic_key=00\n\n",
            "set=1\nfwmark=7\n\n",
            "set=1\nprivate_key=" + "0".repeat(64) + "\n\n",
            "set=1\npublic_key=" + "0".repeat(64) + "\nallowed_ip=10.9.0.0/16\n\n",
            "get=2\n\n",
            "\u0000\u0001\n\n")) {
      assertThat(ask(request)).as(request).matches("errno=[1-9][0-9]*\n\n");
    }
    assertThat(ask("get=1\n\n")).contains("listen_port=51820\n").endsWith("errno=0\n\n");
    assertThat(peers()).isEmpty();
    // Nor does a line without end, or a client that leaves in the middle.
    ask("set=1\nlisten_port=" + "1".repeat(100_000));
    assertThat(ask("get=1\n\n")).endsWith("errno=0\n\n");
  }

  private String ask(String request) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      try {
        channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.ISO_8859_1)));
        channel.shutdownOutput();
      } catch (IOException e) {
        return ""; // It closed before the end.
      }
      ByteBuffer answer = ByteBuffer.allocate(65_536);
      try {
        while (channel.read(answer) > 0) {
          // until it closes
        }
      } catch (IOException e) {
        // It closed early, which is an answer too.
      }
      return new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void aNameThatAnotherHoldsIsLeftToIt() {
    LabNode other = lab.start(lab.b());
    other.awaitReady();
    Tunnel second =
        requireNonNull(
            other
                .client()
                .tunnels()
                .put(link(device), null, wireGuard(Cipher.CHACHA20_POLY1305))
                .getBody());
    assertThat(String.valueOf(second.status().observed().get("wireguardSocket")))
        .endsWith("is held by another process");
    other.client().tunnels().delete(link(device), null);
    assertThat(wg("show", device, "public-key")).isEqualTo(nodesKey);
  }
}
