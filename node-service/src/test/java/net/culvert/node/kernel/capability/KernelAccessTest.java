package net.culvert.node.kernel.capability;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.abi.LinuxCapability;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.testing.FaultInjectingSyscalls;
import org.junit.jupiter.api.Test;

class KernelAccessTest {

  private final FaultInjectingSyscalls faults = new FaultInjectingSyscalls(Syscalls.real());
  private final KernelAccess access = new KernelAccess(faults.syscalls());

  @Test
  void readsTheEffectiveOnes() {
    Capabilities some =
        Capabilities.parse(
            List.of("Name:\tjava", "CapPrm:\t000001ffffffffff", "CapEff:\t0000000000003000"));
    assertThat(some.names()).containsExactly("CAP_NET_ADMIN", "CAP_NET_RAW");
    assertThat(some.has(LinuxCapability.CAP_NET_ADMIN)).isTrue();
    assertThat(some.has(LinuxCapability.CAP_SYS_ADMIN)).isFalse();
    assertThat(
            some.missing(List.of(LinuxCapability.CAP_SYS_ADMIN, LinuxCapability.CAP_NET_RAW, 63)))
        .containsExactly("CAP_SYS_ADMIN", "capability 63");
    assertThat(Capabilities.parse(List.of("Name:\tjava")).names()).isEmpty();
    assertThat(new Capabilities(-1L).names()).hasSize(41);
  }

  @Test
  void aMissingDeviceIsNamedWithTheReason() {
    faults.failCall("open", 1, Errno.ENOENT);
    assertThat(access.missing())
        .filteredOn(missing -> missing.what().equals("/dev/net/tun"))
        .singleElement()
        .satisfies(missing -> {
          assertThat(missing.reason())
              .isEqualTo("open /dev/net/tun: ENOENT (No such file or directory)");
          assertThat(missing.consequence()).isEqualTo("Tunnels cannot be made.");
        });
    assertThat(faults.openDescriptors()).isEmpty();
  }

  @Test
  void settingsThatCannotBeWrittenAreNamed() {
    faults.failCall("open", 2, Errno.EROFS);
    assertThat(access.missing())
        .filteredOn(missing -> missing.what().startsWith("/proc/sys/net"))
        .singleElement()
        .satisfies(missing -> assertThat(missing.reason()).contains("Read-only file system"));
  }

  @Test
  void whatIsMissingIsWhatTheStatusSays() {
    assertThat(access.missing())
        .extracting(KernelAccess.Missing::what)
        .filteredOn(what -> what.startsWith("CAP_"))
        .containsExactlyElementsOf(
            Capabilities.effective()
                .missing(
                    List.of(
                        LinuxCapability.CAP_NET_ADMIN,
                        LinuxCapability.CAP_SYS_ADMIN,
                        LinuxCapability.CAP_NET_RAW)));
  }
}
