package net.culvert.node.lab;

import static java.util.Objects.requireNonNull;
import static net.culvert.node.lab.Bodies.attached;
import static net.culvert.node.lab.Bodies.link;
import static net.culvert.node.lab.Bodies.name;
import static net.culvert.node.lab.Bodies.wireGuard;
import static net.culvert.node.lab.Bodies.wireGuardPeer;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import net.culvert.api.tunnel.Cipher;
import net.culvert.api.tunnel.Tunnel;
import net.culvert.node.kernel.netns.NamespaceRunner;
import net.culvert.node.kernel.netns.NetworkNamespace;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.testing.RequiresCommand;
import net.culvert.node.testing.RequiresRoot;
import net.culvert.node.testing.TestSize;
import net.culvert.node.transport.wireguard.ForgedInitiations;
import net.culvert.node.transport.wireguard.PublicKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two nodes with a session, and a third party that floods one of them with handshakes. */
@RequiresRoot
@RequiresCommand("ping")
@Tag("lab")
class HandshakeFloodIT {

  private static final int ADDRESSES = 1000;
  private static final int PORT = 51820;
  private static final long MORE_MEBIBYTES = 48;

  private final Lab lab = new Lab();
  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicLong sent = new AtomicLong();

  @AfterEach
  void close() {
    stop.set(true);
    lab.close();
  }

  private static Tunnel join(LabNode node) {
    return requireNonNull(
        node.client()
            .tunnels()
            .put(link("wg0"), null, wireGuard(Cipher.CHACHA20_POLY1305))
            .getBody());
  }

  private static String key(Tunnel tunnel) {
    return requireNonNull(tunnel.publicKey()).value();
  }

  private static long anonymousMebibytes(LabNode node) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + node.pid() + "/status")).stream()
            .filter(line -> line.startsWith("RssAnon:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElseThrow()
        / 1024;
  }

  @Test
  void anEstablishedPeersPacketsGoOn() throws Exception {
    LabNode a = lab.start(lab.a());
    LabNode b = lab.start(lab.b());
    a.awaitReady();
    b.awaitReady();
    String net1 = lab.namespaceName();
    String net2 = lab.namespaceName();
    a.client().namespaces().put(name(net1), null, attached("10.1.1.2/24", "10.1.1.1"));
    b.client().namespaces().put(name(net2), null, attached("10.1.2.2/24", "10.1.2.1"));
    String keyA = key(join(a));
    String keyB = key(join(b));
    a.client()
        .peers()
        .put(
            link("wg0"),
            name("b"),
            null,
            wireGuardPeer(keyB, null, Lab.UNDERLAY_B + ":" + PORT, null, "10.1.2.0/24"));
    b.client()
        .peers()
        .put(link("wg0"), name("a"), null, wireGuardPeer(keyA, null, null, null, "10.1.1.0/24"));
    Pings.awaitAnswer(a.inside(net1), "10.1.2.2");

    // Whoever is on host b's side of the wire has as many addresses as he likes.
    lab.b().inside().run("ip", "route", "add", "local", "10.66.0.0/16", "dev", "lo");
    lab.a().inside().run("ip", "route", "add", "10.66.0.0/16", "via", Lab.UNDERLAY_B);
    long before = anonymousMebibytes(a);
    Thread flood = Thread.ofPlatform().start(() -> flood(keyA));
    int pings = TestSize.isLong() ? 300 : 30;
    Pings.ping(a.inside(net1), pings, "10.1.2.2").requireAll();
    stop.set(true);
    flood.join();

    assertThat(sent.get()).isGreaterThan(pings * 100L);
    assertThat(anonymousMebibytes(a)).isLessThan(before + MORE_MEBIBYTES);
    assertThat(requireNonNull(a.client().tunnels().get(link("wg0")).getBody()).counters().drops())
        .containsKey("handshakes-limited");
    Pings.ping(a.inside(net1), "10.1.2.2").requireAll();
  }

  private void flood(String keyOfA) {
    Syscalls syscalls = Syscalls.real();
    Random random = new Random(TestSize.seed(getClass()));
    ForgedInitiations forged = new ForgedInitiations(PublicKey.parse(keyOfA), random);
    List<DatagramSocket> sockets = new ArrayList<>();
    try (NetworkNamespace host =
        NetworkNamespace.open(syscalls, "/run/netns/" + lab.b().namespace().name())) {
      new NamespaceRunner(syscalls)
          .call(
              host,
              () -> {
                for (int i = 0; i < ADDRESSES; i++) {
                  sockets.add(
                      new DatagramSocket(
                          new InetSocketAddress("10.66." + i / 250 + "." + (1 + i % 250), 0)));
                }
                return sockets;
              });
      InetAddress target = InetAddress.getByName(Lab.UNDERLAY_A);
      while (!stop.get()) {
        for (int i = 0; i < 100 && !stop.get(); i++) {
          byte[] message = forged.next();
          sockets
              .get(random.nextInt(ADDRESSES))
              .send(new DatagramPacket(message, message.length, target, PORT));
          sent.incrementAndGet();
        }
        LockSupport.parkNanos(5_000_000);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    } finally {
      sockets.forEach(DatagramSocket::close);
    }
  }
}
