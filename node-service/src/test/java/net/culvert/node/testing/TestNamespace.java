package net.culvert.node.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import net.culvert.node.kernel.netns.NamespaceRunner;
import net.culvert.node.kernel.netns.NetworkNamespace;
import net.culvert.node.kernel.netns.Sysctl;
import net.culvert.node.kernel.sys.Syscalls;

/**
 * A fresh network namespace for one test, made and removed by {@code ip}: its {@code lo} is up and
 * it forwards nothing, whatever the host does.
 *
 * <p>The name holds this process's id. What a killed process left behind is removed by the next one
 * that makes a namespace.
 */
public final class TestNamespace implements AutoCloseable {

  private static final String PREFIX = "culvert-t-";
  private static final AtomicInteger COUNTER = new AtomicInteger();

  static {
    sweep();
  }

  private final String name;
  private final NetworkNamespace namespace;

  public TestNamespace() {
    name = unusedName();
    Shell.run("ip", "netns", "add", name);
    try {
      namespace = NetworkNamespace.open(Syscalls.real(), path());
      Shell.run("ip", "-n", name, "link", "set", "lo", "up");
      Sysctl sysctl = new Sysctl(Syscalls.real());
      sysctl.write(namespace, "ipv4/ip_forward", 0);
      sysctl.write(namespace, "ipv6/conf/all/forwarding", 0);
    } catch (Throwable t) {
      Shell.attempt("ip", "netns", "delete", name);
      throw t;
    }
  }

  /** A name that no namespace has, for tests that make one themselves; the sweeper knows it. */
  public static String unusedName() {
    return PREFIX + ProcessHandle.current().pid() + "-" + COUNTER.incrementAndGet();
  }

  public String name() {
    return name;
  }

  public String path() {
    return "/run/netns/" + name;
  }

  /** Open until {@link #close}. */
  public NetworkNamespace namespace() {
    return namespace;
  }

  /** Runs a program inside; its mounts are the host's. Answers its output, fails if it fails. */
  public String run(String... command) {
    return Shell.run(inside(command));
  }

  /** Runs a program inside, whatever comes of it. */
  public Shell.Result attempt(String... command) {
    return Shell.attempt(inside(command).toArray(String[]::new));
  }

  /** Runs code inside, on a thread of its own. */
  public <T, E extends Exception> T call(NamespaceRunner.Action<T, E> action) throws E {
    return new NamespaceRunner(Syscalls.real()).call(namespace, action);
  }

  /** The command line that runs a program inside, for tests that start one and keep it. */
  public List<String> inside(String... command) {
    List<String> line = new ArrayList<>(List.of("nsenter", "--net=" + path(), "--"));
    line.addAll(List.of(command));
    return line;
  }

  @Override
  public void close() {
    namespace.close();
    Shell.run("ip", "netns", "delete", name);
  }

  /** Removes the namespaces of test processes that are no more. */
  private static void sweep() {
    if (!Files.isDirectory(Path.of("/run/netns"))) {
      return;
    }
    for (String line : Shell.attempt("ip", "netns", "list").output().lines().toList()) {
      String found = line.replaceAll(" .*", "");
      if (found.matches(PREFIX + "\\d+-\\d+")) {
        long pid = Long.parseLong(found.substring(PREFIX.length(), found.lastIndexOf('-')));
        if (ProcessHandle.of(pid).isEmpty()) {
          Shell.attempt("ip", "netns", "delete", found);
        }
      }
    }
  }
}
