package net.culvert.node.kernel.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.sys.SystemCallException;
import net.culvert.node.testing.FaultInjectingSyscalls;
import net.culvert.node.testing.RequiresRoot;
import net.culvert.node.testing.TestNamespace;
import org.junit.jupiter.api.Test;

@RequiresRoot
class NamespaceRunnerIT {

  private final FaultInjectingSyscalls faults = new FaultInjectingSyscalls(Syscalls.real());
  private final Syscalls syscalls = faults.syscalls();
  private final NamespaceRunner runner = new NamespaceRunner(syscalls);

  @Test
  void runsInsideAndLeavesTheCallerOutside() {
    try (TestNamespace test = new TestNamespace();
        NetworkNamespace before = NetworkNamespace.current(syscalls);
        NetworkNamespace inside =
            runner.call(test.namespace(), () -> NetworkNamespace.current(syscalls));
        NetworkNamespace after = NetworkNamespace.current(syscalls)) {
      assertThat(inside.inode()).isEqualTo(test.namespace().inode());
      assertThat(after.inode()).isEqualTo(before.inode()).isNotEqualTo(inside.inode());
      assertThat(test.run("readlink", "/proc/self/ns/net"))
          .isEqualTo("net:[" + inside.inode() + "]\n");
    }
    assertThat(faults.openDescriptors()).isEmpty();
  }

  @Test
  void whatTheActionThrowsComesOut() {
    try (TestNamespace test = new TestNamespace()) {
      assertThatThrownBy(() ->
              runner.call(
                  test.namespace(),
                  () -> {
                    throw new IOException("inside");
                  }))
          .isInstanceOf(IOException.class)
          .hasMessage("inside");
    }
  }

  @Test
  void aRefusedEntryNamesTheNamespace() {
    try (TestNamespace test = new TestNamespace()) {
      faults.failCall("setns", 1, Errno.EPERM);
      assertThatThrownBy(() -> runner.call(test.namespace(), () -> 1))
          .isInstanceOf(SystemCallException.class)
          .hasMessageContaining("setns net:[" + test.namespace().inode() + "] " + test.path());
    }
  }

  @Test
  void aFileThatIsNoNamespaceIsRefused() {
    assertThatThrownBy(() -> NetworkNamespace.open(syscalls, "/dev/null"))
        .hasMessage("setns /dev/null, which is no network namespace: EINVAL (Invalid argument)");
    assertThatThrownBy(() -> NetworkNamespace.open(syscalls, "/proc/self/ns/mnt"))
        .hasMessageContaining("no network namespace");
    assertThat(faults.openDescriptors()).isEmpty();
  }
}
