package net.culvert.node.kernel.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.culvert.api.value.ResourceName;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.sys.SystemCallException;
import net.culvert.node.testing.FaultInjectingSyscalls;
import net.culvert.node.testing.RequiresRoot;
import net.culvert.node.testing.Shell;
import net.culvert.node.testing.TestNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@RequiresRoot
class NamedNamespacesIT {

  private static final String OWNER = "culvert:a-test";

  private final FaultInjectingSyscalls faults = new FaultInjectingSyscalls(Syscalls.real());
  private final NamedNamespaces named = new NamedNamespaces(faults.syscalls());
  private final ResourceName name = ResourceName.parse(TestNamespace.unusedName());
  private final Path path = Path.of("/run/netns/" + name);

  @AfterEach
  void nothingStays() {
    faults.disarm();
    named.delete(name);
    assertThat(faults.openDescriptors()).isEmpty();
    assertThat(path).doesNotExist();
    assertThat(mounts()).noneMatch(line -> line.contains(name.value()));
  }

  private static List<String> mounts() {
    try {
      return Files.readAllLines(Path.of("/proc/self/mountinfo"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void isMadeSeenByIpAndDeleted() {
    assertThat(named.exists(name)).isFalse();
    assertThat(named.inode(name)).isEmpty();
    named.create(name, OWNER, () -> {});
    assertThat(named.exists(name)).isTrue();
    assertThat(named.isLeftover(name, OWNER)).isFalse();
    assertThat(named.list()).contains(name);
    assertThat(Shell.run("ip", "netns", "list")).contains(name.value());
    assertThat(Shell.run("ip", "-n", name.value(), "link")).contains("lo:").contains("state DOWN");
    assertThat(Shell.run("ip", "netns", "exec", name.value(), "readlink", "/proc/self/ns/net"))
        .isEqualTo("net:[" + named.inode(name).orElseThrow() + "]\n");
    try (NetworkNamespace open = named.open(name);
        NetworkNamespace own = NetworkNamespace.current(faults.syscalls())) {
      assertThat(open.inode()).isEqualTo(named.inode(name).orElseThrow());
      assertThat(own.inode()).isNotEqualTo(open.inode());
    }
    named.delete(name);
    assertThat(named.exists(name)).isFalse();
    assertThat(named.list()).doesNotContain(name);
    assertThat(Shell.run("ip", "netns", "list")).doesNotContain(name.value());
    named.delete(name);
  }

  @Test
  void ipSeesItFromAnotherMountNamespaceAndMayDeleteIt() {
    named.create(name, OWNER, () -> {});
    try (TestNamespace other = new TestNamespace()) {
      assertThat(Shell.run("ip", "netns", "exec", other.name(), "ip", "netns", "list"))
          .contains(name.value());
    }
    Shell.run("ip", "netns", "delete", name.value());
    assertThat(named.exists(name)).isFalse();
  }

  @Test
  void aNameThatIsTakenIsRefused() {
    Shell.run("ip", "netns", "add", name.value());
    assertThatThrownBy(() -> named.create(name, OWNER, () -> {}))
        .hasMessage("linkat " + path + ": EEXIST (File exists)");
    assertThat(named.inode(name)).isPresent();
  }

  @Test
  void aFileThatIsNoNamespace() throws Exception {
    Files.createFile(path);
    assertThat(named.exists(name)).isTrue();
    assertThat(named.isLeftover(name, OWNER)).isFalse();
    assertThat(named.inode(name)).isEmpty();
    assertThat(named.list()).doesNotContain(name);
    assertThatThrownBy(() -> named.open(name)).hasMessageContaining("no network namespace");
    assertThatThrownBy(() -> named.create(name, OWNER, () -> {})).hasMessageContaining("EEXIST");
    named.delete(name);
    assertThat(named.exists(name)).isFalse();
  }

  @Test
  void whatIsUnderTheMountSaysWhoseItWas() throws Exception {
    named.create(name, OWNER, () -> {});
    assertThat(named.leftovers(OWNER)).isEmpty();
    Shell.run("umount", path.toString());
    assertThat(named.isLeftover(name, OWNER)).isTrue();
    assertThat(named.isLeftover(name, OWNER + "2")).isFalse();
    assertThat(named.leftovers(OWNER)).containsExactly(name);
    assertThat(named.leftovers("another")).isEmpty();
    assertThat(named.list()).doesNotContain(name);
    named.delete(name);
    assertThat(named.leftovers(OWNER)).isEmpty();
  }

  @Test
  void whatIsDoneFirstIsDoneInsideAndBeforeTheNameLeadsThere() {
    List<Long> seen = new ArrayList<>();
    named.create(
        name,
        OWNER,
        () -> {
          assertThat(named.inode(name)).isEmpty();
          try (NetworkNamespace current = NetworkNamespace.current(faults.syscalls())) {
            seen.add(current.inode());
          }
        });
    assertThat(seen).containsExactly(named.inode(name).orElseThrow());
  }

  @Test
  void whatFailsInsideLeavesNothing() {
    assertThatThrownBy(() ->
            named.create(
                name,
                OWNER,
                () -> {
                  throw new IllegalStateException("no");
                }))
        .hasMessage("no");
    assertThat(named.exists(name)).isFalse();
  }

  @Test
  void aFailureAtAnyCallLeavesNothing() {
    named.create(name, OWNER, () -> {});
    named.delete(name);
    int position = 1;
    for (boolean failed = true; failed; position++) {
      faults.failCall(position, Errno.EPERM);
      try {
        named.create(name, OWNER, () -> {});
      } catch (SystemCallException e) {
        assertThat(e.errno()).isEqualTo(Errno.EPERM);
        assertThat(e).hasMessageContaining("EPERM (Operation not permitted)");
      }
      failed = faults.hasFailed();
      List<String> calls = faults.calls();
      faults.disarm();
      if (failed && !Objects.equals(calls.get(position - 1), "close")) {
        assertThat(named.exists(name)).as("after %s", calls).isFalse();
      }
      named.delete(name);
      assertThat(faults.openDescriptors()).isEmpty();
    }
    // mkdir, mount, open, write, linkat, close, unshare, mount
    assertThat(position).isEqualTo(10);
  }

  @Test
  void theDirectoryBecomesASharedMountOnce() {
    named.create(name, OWNER, () -> {});
    assertThat(mounts())
        .filteredOn(line -> line.contains(" /run/netns "))
        .hasSize(1)
        .allMatch(line -> line.contains("shared:"));
  }

  @Test
  void sysctlsOfThatNamespaceOnly() {
    named.create(name, OWNER, () -> {});
    Sysctl sysctl = new Sysctl(faults.syscalls());
    try (NetworkNamespace inside = named.open(name)) {
      assertThat(sysctl.read(inside, "ipv6/conf/lo/proxy_ndp")).isZero();
      sysctl.write(inside, "ipv6/conf/lo/proxy_ndp", 1);
      assertThat(sysctl.read(inside, "ipv6/conf/lo/proxy_ndp")).isEqualTo(1);
      assertThat(sysctl.find(inside, "ipv6/conf/nonesuch/proxy_ndp")).isEmpty();
      assertThat(
              Shell.run(
                  "ip",
                  "netns",
                  "exec",
                  name.value(),
                  "cat",
                  "/proc/sys/net/ipv6/conf/lo/proxy_ndp"))
          .isEqualTo("1\n");
      try (NetworkNamespace own = NetworkNamespace.current(faults.syscalls())) {
        assertThat(sysctl.read(own, "ipv6/conf/lo/proxy_ndp")).isZero();
      }
      assertThatThrownBy(() -> sysctl.read(inside, "ipv6/conf/nonesuch/proxy_ndp"))
          .hasMessage(
              "open /proc/sys/net/ipv6/conf/nonesuch/proxy_ndp: ENOENT"
                  + " (No such file or directory)");
      assertThatThrownBy(() -> sysctl.write(inside, "ipv4/ip_default_ttl", 0))
          .hasMessage("write /proc/sys/net/ipv4/ip_default_ttl: EINVAL (Invalid argument)");
      faults.failCall("open", 1, Errno.EROFS);
      assertThatThrownBy(() -> sysctl.write(inside, "ipv6/conf/lo/proxy_ndp", 0))
          .hasMessageContaining("EROFS (Read-only file system)");
    }
  }
}
