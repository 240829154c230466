package net.culvert.node.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import net.culvert.node.testing.Shell;
import net.culvert.node.testing.TestNamespace;

/**
 * Two hosts on one wire:
 *
 * <pre>
 *               the test's own namespace
 *        198.18.x.1/30 │              │ 198.18.y.1/30
 *  ┌─ host a ──────────┼──┐        ┌──┼─────────── host b ─┐
 *  │  REST  mgmt0 .x.2 ┘  │        │  └ mgmt0 .y.2   REST  │
 *  │                      │        │                       │
 *  │  eth0 198.51.100.1/24 ────────  198.51.100.2/24  eth0 │
 *  │  2001:db8:51::1/64   │ a veth │    2001:db8:51::2/64  │
 *  └──────────────────────┘        └───────────────────────┘
 * </pre>
 *
 * <p>Nodes are started where a test wants them. {@link #close} stops them and removes everything;
 * what a killed test leaves is removed by the next one.
 */
public final class Lab implements AutoCloseable {

  public static final String UNDERLAY_A = "198.51.100.1";
  public static final String UNDERLAY_B = "198.51.100.2";
  public static final String UNDERLAY6_A = "2001:db8:51::1";
  public static final String UNDERLAY6_B = "2001:db8:51::2";

  private static final int ADDRESS_ATTEMPTS = 100;

  private final Path folder;
  private final Path logs;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Set<String> namespaces = new LinkedHashSet<>();
  private final Host a;
  private final Host b;

  /**
   * One end of the wire.
   *
   * @param restAddress where the test reaches a node that runs here
   */
  public record Host(
      String letter,
      TestNamespace namespace,
      String restAddress,
      String underlay,
      String underlay6) {

    /** Where programs run that belong to this host. */
    public Inside inside() {
      return Inside.namespace(namespace.name());
    }

    /** What the kernel has here. */
    public KernelState kernel() {
      return new KernelState(inside());
    }
  }

  /** A lab whose wire carries 1500 bytes. */
  public Lab() {
    this(1500);
  }

  /**
   * A lab with another wire.
   *
   * @param wireMtu bytes
   */
  public Lab(int wireMtu) {
    try {
      folder = Files.createTempDirectory("culvert-lab");
      logs = Files.createDirectories(Path.of("target", "lab"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      a = host("a", UNDERLAY_A, UNDERLAY6_A);
      b = host("b", UNDERLAY_B, UNDERLAY6_B);
      wire(wireMtu);
    } catch (Throwable t) {
      close();
      throw t;
    }
  }

  private Host host(String letter, String underlay, String underlay6) {
    TestNamespace namespace = new TestNamespace();
    open.push(namespace);
    // It goes with the namespace that its other end is in.
    String device = "cvt" + namespace.name().replaceAll("\\D", "");
    String network = unusedNetwork();
    String name = namespace.name();
    run("ip link add " + device + " type veth peer name mgmt0 netns " + name);
    run("ip addr add " + next(network, 1) + "/30 dev " + device);
    run("ip link set " + device + " up");
    run("ip -n " + name + " addr add " + next(network, 2) + "/30 dev mgmt0");
    run("ip -n " + name + " link set mgmt0 up");
    return new Host(letter, namespace, next(network, 2), underlay, underlay6);
  }

  private void wire(int mtu) {
    String nameA = a.namespace.name();
    String nameB = b.namespace.name();
    run("ip -n " + nameA + " link add eth0 type veth peer name eth0 netns " + nameB);
    for (Host host : List.of(a, b)) {
      String in = "ip -n " + host.namespace.name();
      run(in + " link set eth0 mtu " + mtu);
      run(in + " addr add " + host.underlay + "/24 dev eth0");
      run(in + " addr add " + host.underlay6 + "/64 dev eth0 nodad");
      run(in + " link set eth0 up");
    }
  }

  private static void run(String line) {
    Shell.run(line.split(" "));
  }

  /** The first address of an unused /30 in the benchmark range (RFC 2544), which nobody routes. */
  private static String unusedNetwork() {
    for (int attempt = 0; attempt < ADDRESS_ATTEMPTS; attempt++) {
      int number = ThreadLocalRandom.current().nextInt(1 << 14);
      String network = "198.18." + (number >> 6) + "." + (number & 63) * 4;
      if (Shell.run("ip", "-o", "addr", "show", "to", network + "/30").isBlank()) {
        return network;
      }
    }
    throw new AssertionError("no unused network in 198.18.0.0/16");
  }

  private static String next(String network, int host) {
    int dot = network.lastIndexOf('.') + 1;
    return network.substring(0, dot) + (Integer.parseInt(network.substring(dot)) + host);
  }

  public Host a() {
    return a;
  }

  public Host b() {
    return b;
  }

  /**
   * Starts a node there and does not wait for it. A second one there continues the first's state.
   */
  public LabNode start(Host host) {
    return start(host, LabNode.Options.DEFAULT);
  }

  /** Starts a node there, so; it is stopped with the lab. */
  public LabNode start(Host host, LabNode.Options options) {
    String name = host.namespace.name();
    LabNode node =
        LabNode.start(
            "lab-" + host.letter,
            name,
            host.restAddress,
            stateDirectory(host),
            logs.resolve(name + ".log"),
            options);
    open.push(node);
    return node;
  }

  /** Where nodes that run there keep what outlives them. */
  public Path stateDirectory(Host host) {
    return folder.resolve(host.letter);
  }

  /**
   * A name for a namespace that a node of this lab will make; removed with the lab if still there.
   */
  public String namespaceName() {
    String name = TestNamespace.unusedName();
    namespaces.add(name);
    return name;
  }

  /** A file with this content, removed with the lab. */
  public Path file(String name, String content) {
    try {
      return Files.writeString(folder.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Closes something of a test's with the lab, before what was there earlier. */
  public <T extends AutoCloseable> T closing(T resource) {
    open.push(resource);
    return resource;
  }

  @Override
  public void close() {
    AssertionError failure = null;
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception | AssertionError e) {
        if (failure == null) {
          failure = new AssertionError("while closing the lab: " + e.getMessage(), e);
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    for (String name : namespaces) {
      if (Files.exists(Path.of("/run/netns", name))) {
        Shell.attempt("ip", "netns", "delete", name);
      }
    }
    removeFolder();
    if (failure != null) {
      throw failure;
    }
  }

  private void removeFolder() {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
