package net.culvert.node.lab.interop;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import net.culvert.node.lab.Inside;
import net.culvert.node.lab.Lab;
import net.culvert.node.testing.MachineConditions;
import net.culvert.node.testing.Shell;
import net.culvert.node.transport.wireguard.PrivateKey;
import net.culvert.node.transport.wireguard.PublicKey;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** Another WireGuard than ours on a host, configured by {@code wg(8)}. */
final class ForeignWireGuard implements AutoCloseable {

  private static final Path SOCKETS = Path.of("/var/run/wireguard");

  /** Which one: that of an environment variable, else that of the path. */
  enum Program {
    WIREGUARD_GO("WIREGUARD_GO", "wireguard-go", "-f"),
    BORINGTUN("BORINGTUN", "boringtun-cli", "-f --disable-drop-privileges");

    private final String variable;
    private final String name;
    private final String arguments;

    Program(String variable, String name, String arguments) {
      this.variable = variable;
      this.name = name;
      this.arguments = arguments;
    }

    private String path() {
      String named = System.getenv(variable);
      return named == null || named.isBlank() ? name : named;
    }

    private String[] line(String device) {
      List<String> line = new ArrayList<>(List.of(path()));
      line.addAll(List.of(arguments.split(" ")));
      line.add(device);
      return line.toArray(String[]::new);
    }

    /** Goes on where there is such a program; boringtun is had only where Rust is. */
    void assumePresent() {
      boolean there = Files.isExecutable(Path.of(path())) || Shell.isInstalled(path());
      if (this == BORINGTUN) {
        Assumptions.assumeTrue(there, "missing here: the program " + name);
      } else {
        MachineConditions.assumePresent(there ? List.of() : List.of("the program " + name));
      }
    }
  }

  private final Program program;
  private final Lab lab;
  private final Inside host;
  private final String device = "wgf" + ThreadLocalRandom.current().nextInt(100_000, 1_000_000);
  private final PrivateKey privateKey;
  private @Nullable Process process;

  ForeignWireGuard(Program program, Lab lab, Inside host, PrivateKey privateKey) {
    this.program = program;
    this.lab = lab;
    this.host = host;
    this.privateKey = privateKey;
  }

  String device() {
    return device;
  }

  PublicKey publicKey() {
    return privateKey.publicKey();
  }

  /** Starts it, with routes to what is behind the node. */
  void start(int listenPort) {
    Process started = host.start(program.line(device));
    process = started;
    await("the device of " + program.name)
        .atMost(Duration.ofSeconds(15))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> Files.exists(SOCKETS.resolve(device + ".sock")));
    Path key = lab.file(device + ".key", privateKey.toBase64());
    set("private-key", key.toString(), "listen-port", Integer.toString(listenPort));
    host.run("ip", "link", "set", device, "mtu", "1420", "up");
    host.run("ip", "route", "add", "10.1.1.0/24", "dev", device);
    host.run("ip", "route", "add", "fd00:1::/64", "dev", device);
  }

  /** {@code wg set DEVICE …}. */
  void set(String... arguments) {
    List<String> line = new ArrayList<>(List.of("wg", "set", device));
    line.addAll(List.of(arguments));
    host.run(line.toArray(String[]::new));
  }

  /** {@code wg set DEVICE peer KEY …}. */
  void peer(String publicKey, String... arguments) {
    List<String> line = new ArrayList<>(List.of("peer", publicKey));
    line.addAll(List.of(arguments));
    set(line.toArray(String[]::new));
  }

  /** One column of {@code wg show DEVICE …}, without the peers' keys. */
  String show(String what) {
    return host.run("wg", "show", device, what).strip().replaceAll("(?m)^\\S+=\\s+", "");
  }

  /** Ends it as a crash would. */
  void kill() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
      try {
        running.waitFor(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      process = null;
    }
    try {
      Files.deleteIfExists(SOCKETS.resolve(device + ".sock"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
