package net.culvert.node.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import net.culvert.node.lab.Inside;
import net.culvert.node.lab.Lab;
import net.culvert.node.lab.LabNode;
import net.culvert.node.lab.Pings;
import net.culvert.node.lab.interop.ForeignWireGuard.Program;
import net.culvert.node.testing.RequiresCommand;
import net.culvert.node.testing.RequiresRoot;
import net.culvert.node.testing.Shell;
import net.culvert.node.transport.wireguard.PrivateKey;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * {@code deploy/culvert-wg} where {@code wireguard-go} would be, and {@code wireguard-go} as its
 * peer.
 *
 * <pre>
 *  10.1.1.1 ─ culvert-wg, host a ══ WireGuard ══ wireguard-go, host b ─ 10.1.2.1
 * </pre>
 */
@RequiresRoot
@RequiresCommand({"ping", "wg", "wg-quick", "nft", "ss", "python3"})
@Tag("interop")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CulvertWgIT {

  private static final Path SOCKETS = Path.of("/var/run/wireguard");
  private static final String PROGRAM = LabNode.checkout().resolve("deploy/culvert-wg").toString();
  private static final int PORT = 51820;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final SecureRandom random = new SecureRandom();
  private final Lab lab = new Lab();
  private final Inside hostA = lab.a().inside();
  private final Inside hostB = lab.b().inside();
  private final List<Process> started = new ArrayList<>();
  private String device = "";
  private @Nullable ForeignWireGuard foreign;

  @BeforeAll
  void start() {
    Program.WIREGUARD_GO.assumePresent();
    hostA.run("ip", "addr", "add", "198.51.100.9/24", "dev", "eth0");
  }

  @AfterEach
  void end() throws IOException, InterruptedException {
    if (foreign != null) {
      foreign.close();
      foreign = null;
    }
    hostA.attempt("nft", "flush", "ruleset");
    String name = device;
    if (!name.isEmpty()) {
      Files.deleteIfExists(socket(name));
      await("the end of the program").atMost(PATIENCE).until(() -> processes(name).isBlank());
      assertThat(hostA.attempt("ip", "link", "show", name).exitCode()).isNotZero();
    }
    for (Process each : started) {
      assertThat(each.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
    started.clear();
    device = "";
    try (var left = Files.list(SOCKETS)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .noneMatch(each -> each.startsWith(".culvert"));
    }
  }

  @AfterAll
  void close() {
    lab.close();
  }

  private static Path socket(String name) {
    return SOCKETS.resolve(name + ".sock");
  }

  private static String processes(String name) {
    return Shell.attempt("pgrep", "-f", "device[.]CulvertWg " + name).output();
  }

  private String newName() {
    device = "wgc" + ThreadLocalRandom.current().nextInt(100_000, 1_000_000);
    return device;
  }

  /** In the background, as its users start it. */
  private String begin() throws IOException {
    String name = newName();
    hostA.run(PROGRAM, name);
    // Returned: so both are there, without any waiting.
    assertThat(Files.getPosixFilePermissions(socket(name)))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(link(hostA, name)).contains("mtu 1420");
    return name;
  }

  private static String link(Inside host, String name) {
    return host.run("ip", "link", "show", name);
  }

  private ForeignWireGuard join(String name) {
    ForeignWireGuard other =
        new ForeignWireGuard(Program.WIREGUARD_GO, lab, hostB, PrivateKey.generate(random));
    foreign = other;
    other.start(PORT);
    hostB.run("ip", "addr", "add", "10.1.2.1/32", "dev", other.device());
    PrivateKey own = PrivateKey.generate(random);
    String key = lab.file(name + ".key", own.toBase64()).toString();
    wg("set", name, "private-key", key, "listen-port", Integer.toString(PORT));
    wg(
        "set",
        name,
        "peer",
        other.publicKey().toString(),
        "allowed-ips",
        "10.1.2.0/24",
        "endpoint",
        Lab.UNDERLAY_B + ":" + PORT);
    other.peer(own.publicKey().toString(), "allowed-ips", "10.1.1.0/24");
    return other;
  }

  private void setUp(Inside where, String name) {
    where.run("ip", "addr", "add", "10.1.1.1/24", "dev", name);
    where.run("ip", "link", "set", name, "up");
    where.run("ip", "route", "add", "10.1.2.0/24", "dev", name);
  }

  private static String wg(String... arguments) {
    List<String> line = new ArrayList<>(List.of("wg"));
    line.addAll(List.of(arguments));
    return Shell.run(line).strip();
  }

  private static void awaitPing(Inside from, String to, String... options) {
    await("a ping to " + to)
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(Pings.ping(from, to, options).received()).isPositive());
  }

  private void awaitEnd(String name) {
    await("the end of the program").atMost(PATIENCE).until(() -> processes(name).isBlank());
    assertThat(socket(name)).doesNotExist();
  }

  @Test
  void pingsCrossBothWaysAndThePortCanChange() throws IOException {
    String name = begin();
    ForeignWireGuard other = join(name);
    assertThat(hostA.run("ss", "-Hlun")).doesNotContain(":" + PORT);
    setUp(hostA, name);
    awaitPing(hostA, "10.1.2.1");
    assertThat(Pings.ping(hostB, "10.1.1.1").received()).isEqualTo(3);
    assertThat(wg("show", name, "latest-handshakes")).doesNotEndWith("\t0");
    assertThat(wg("show", "interfaces")).contains(name);
    assertThat(wg("showconf", name)).contains("ListenPort = " + PORT, "AllowedIPs = 10.1.2.0/24");

    wg("set", name, "listen-port", "51999");
    assertThat(wg("show", name, "listen-port")).isEqualTo("51999");
    assertThat(hostA.run("ss", "-Hlun")).contains(":51999").doesNotContain(":" + PORT + " ");
    assertThat(Pings.ping(hostA, "10.1.2.1").received()).isEqualTo(3);
    assertThat(other.show("endpoints")).endsWith(":51999");
    hostA.run("ip", "link", "del", name);
    awaitEnd(name);
  }

  @Test
  void whileDownNothingIsHeardAndCountersStay() throws IOException {
    String name = begin();
    join(name);
    setUp(hostA, name);
    awaitPing(hostA, "10.1.2.1");
    hostA.run("ip", "link", "set", name, "down");
    await("no socket").atMost(PATIENCE).until(() -> !hostA.run("ss", "-Hlun").contains(":" + PORT));
    assertThat(wg("show", name, "listen-port")).isEqualTo(Integer.toString(PORT));
    assertThat(wg("show", name, "transfer")).doesNotEndWith("\t0");
    hostA.run("ip", "link", "set", name, "up");
    hostA.run("ip", "route", "add", "10.1.2.0/24", "dev", name);
    awaitPing(hostA, "10.1.2.1");
  }

  @Test
  void theMtuIsTheUsers() throws IOException {
    String name = begin();
    ForeignWireGuard other = join(name);
    setUp(hostA, name);
    hostA.run("ip", "link", "set", name, "mtu", "8000");
    hostB.run("ip", "link", "set", other.device(), "mtu", "8000");
    awaitPing(hostA, "10.1.2.1");
    // Past what the wire carries whole: in fragments outside, which is the user's wish.
    // Also once the kernel was asked for the path's MTU, which is every five seconds.
    assertThat(Pings.ping(hostA, 40, "10.1.2.1", "-M", "do", "-s", "7900").received())
        .isEqualTo(40);
    hostA.run("ip", "link", "set", name, "mtu", "65535");
    awaitPing(hostA, "10.1.2.1");
    assertThat(link(hostA, name)).contains("mtu 65535");
  }

  @Test
  void theDeviceWorksInAnotherNamespaceAndEndsWithIt() throws IOException {
    String name = begin();
    join(name);
    String namespace = lab.namespaceName();
    Shell.run("ip", "netns", "add", namespace);
    Inside there = Inside.namespace(namespace);
    hostA.run("ip", "link", "set", name, "netns", namespace);
    setUp(there, name);
    awaitPing(there, "10.1.2.1");
    assertThat(Pings.ping(hostB, "10.1.1.1").received()).isEqualTo(3);
    assertThat(hostA.run("ss", "-Hlun")).contains(":" + PORT);
    assertThat(there.run("ss", "-Hlun")).doesNotContain(":" + PORT);
    Shell.run("ip", "netns", "delete", namespace);
    awaitEnd(name);
  }

  @Test
  void theMarkIsOnWhatIsSent() throws IOException {
    String name = begin();
    join(name);
    hostA.run(
        "nft",
        "add table ip t; add chain ip t o { type filter hook output priority 0; };"
            + " add rule ip t o meta mark 0x4242 udp dport "
            + PORT
            + " counter comment \"marked\"");
    wg("set", name, "fwmark", "0x4242");
    assertThat(wg("show", name, "fwmark")).isEqualTo("0x4242");
    setUp(hostA, name);
    awaitPing(hostA, "10.1.2.1");
    String counted = hostA.run("nft", "list", "ruleset");
    assertThat(counted).contains("counter packets").doesNotContain("counter packets 0 ");
    wg("set", name, "fwmark", "off");
    assertThat(wg("show", name, "fwmark")).isEqualTo("off");
  }

  @Test
  void answersComeFromTheAddressThatWasAsked() throws IOException {
    String name = begin();
    ForeignWireGuard other = join(name);
    setUp(hostA, name);
    String key = wg("show", name, "public-key");
    // The kernel would choose 198.51.100.1, and the other would follow there.
    other.peer(key, "endpoint", "198.51.100.9:" + PORT);
    awaitPing(hostB, "10.1.1.1");
    assertThat(Pings.ping(hostB, "10.1.1.1").received()).isEqualTo(3);
    assertThat(other.show("endpoints")).isEqualTo("198.51.100.9:" + PORT);
    // The address goes: answers come from where the kernel likes.
    hostA.run("ip", "addr", "del", "198.51.100.9/24", "dev", "eth0");
    try {
      awaitPing(hostA, "10.1.2.1");
    } finally {
      hostA.run("ip", "addr", "add", "198.51.100.9/24", "dev", "eth0");
    }
  }

  @Test
  void wgQuickBringsItUpAndDown() throws IOException {
    String name = newName();
    ForeignWireGuard other =
        new ForeignWireGuard(Program.WIREGUARD_GO, lab, hostB, PrivateKey.generate(random));
    foreign = other;
    other.start(PORT);
    hostB.run("ip", "addr", "add", "10.1.2.1/32", "dev", other.device());
    PrivateKey own = PrivateKey.generate(random);
    other.peer(own.publicKey().toString(), "allowed-ips", "10.1.1.0/24");
    // All of IPv4: then wg-quick marks what is sent, so that it does not go into the tunnel.
    Path file =
        lab.file(
            name + ".conf",
            "[Interface]\nPrivateKey = "
                + own.toBase64()
                + "\nAddress = 10.1.1.1/24\nMTU = 1400\n[Peer]\nPublicKey = "
                + other.publicKey()
                + "\nAllowedIPs = 0.0.0.0/0\nEndpoint = "
                + Lab.UNDERLAY_B
                + ":"
                + PORT
                + "\nPersistentKeepalive = 5\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    String up =
        hostA.run(
            "env", "WG_QUICK_USERSPACE_IMPLEMENTATION=" + PROGRAM, "wg-quick", "up", "" + file);
    assertThat(up).contains("[!] Missing WireGuard kernel module").contains(PROGRAM + " " + name);
    assertThat(link(hostA, name)).contains("mtu 1400");
    awaitPing(hostA, "10.1.2.1");
    assertThat(Pings.ping(hostB, "10.1.1.1").received()).isEqualTo(3);
    assertThat(wg("show", name, "fwmark")).isNotEqualTo("off");
    hostA.run(
        "wg",
        "syncconf",
        name,
        lab.file("s.conf", hostA.run("wg-quick", "strip", "" + file)).toString());
    assertThat(Pings.ping(hostA, "10.1.2.1").received()).isPositive();
    hostA.run("wg-quick", "down", file.toString());
    awaitEnd(name);
  }

  @Test
  void theForegroundEndsBySignalSocketAndDevice() throws InterruptedException {
    for (String end : List.of("signal", "socket", "device")) {
      String name = newName();
      Process process = hostA.start(PROGRAM, "-f", name);
      started.add(process);
      await("the device").atMost(PATIENCE).until(() -> Files.exists(socket(name)));
      await("the device").atMost(PATIENCE).until(() -> wg("show", "interfaces").contains(name));
      switch (end) {
        case "signal" -> process.destroy();
        case "socket" -> Shell.run("rm", socket(name).toString());
        default -> hostA.run("ip", "link", "del", name);
      }
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(end).isZero();
      assertThat(socket(name)).doesNotExist();
      assertThat(hostA.attempt("ip", "link", "show", name).exitCode()).isNotZero();
    }
  }

  @Test
  void whatCannotStartSaysWhy() throws IOException {
    assertThat(hostA.attempt(PROGRAM).exitCode()).isZero();
    assertThat(hostA.run(PROGRAM)).startsWith("Usage: ");
    assertThat(hostA.run(PROGRAM, "--version")).startsWith("culvert-wg ");
    String name = begin();
    for (String form : List.of("-f", "--foreground", "")) {
      List<String> line = new ArrayList<>(List.of(PROGRAM, form, name));
      line.remove("");
      Shell.Result second = hostA.attempt(line.toArray(String[]::new));
      assertThat(second.exitCode()).as(second.output()).isEqualTo(1);
      assertThat(second.output()).contains("EBUSY");
    }
    assertThat(hostA.attempt(PROGRAM, "a-name-that-is-too-long").exitCode()).isEqualTo(1);
    assertThat(hostA.attempt("env", "WG_TUN_FD=77", PROGRAM, "-f", "wgx").exitCode()).isEqualTo(1);
    assertThat(hostA.attempt("env", "WG_UAPI_FD=77", PROGRAM, "-f", "wgx").exitCode()).isEqualTo(1);
    Shell.Result silent = hostA.attempt("env", "LOG_LEVEL=silent", PROGRAM, "-f", name);
    assertThat(silent.output()).isEmpty();
    assertThat(silent.exitCode()).isEqualTo(1);
    // The first is none the worse.
    assertThat(wg("show", name, "listen-port")).isNotEmpty();
  }

  @Test
  void descriptorsCanBeInherited() throws IOException {
    String name = newName();
    Path starter =
        lab.file(
            "inherit.py",
            """
            import fcntl, os, socket, struct, sys
            name, program = sys.argv[1:3]
            tun = os.open('/dev/net/tun', os.O_RDWR)
            fcntl.ioctl(tun, 0x400454ca, struct.pack('16sH22x', name.encode(), 0x1 | 0x1000 | 0x4000))
            path = '/var/run/wireguard/' + name + '.sock'
            os.makedirs(os.path.dirname(path), exist_ok=True)
            os.umask(0o077)
            uapi = socket.socket(socket.AF_UNIX)
            uapi.bind(path)
            uapi.listen()
            os.set_inheritable(tun, True)
            uapi.set_inheritable(True)
            os.environ.update(WG_TUN_FD=str(tun), WG_UAPI_FD=str(uapi.fileno()))
            os.execv(program, [program, 'another'])
            """);
    hostA.run("python3", starter.toString(), name, PROGRAM);
    join(name);
    setUp(hostA, name);
    awaitPing(hostA, "10.1.2.1");
    Files.delete(socket(name));
    await("the end")
        .atMost(PATIENCE)
        .until(() -> hostA.attempt("ip", "link", "show", name).exitCode() != 0);
  }
}
