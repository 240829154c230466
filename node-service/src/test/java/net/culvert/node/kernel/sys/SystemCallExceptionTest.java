package net.culvert.node.kernel.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.culvert.node.kernel.abi.Errno;
import org.junit.jupiter.api.Test;

class SystemCallExceptionTest {

  @Test
  void saysCallObjectErrnoAndSentence() {
    var exception = new SystemCallException("open", Errno.EPERM, "/dev/net/tun");
    assertThat(exception).hasMessage("open /dev/net/tun: EPERM (Operation not permitted)");
    assertThat(exception.call()).isEqualTo("open");
    assertThat(exception.errno()).isEqualTo(1);
    assertThat(exception.errnoName()).isEqualTo("EPERM");
    assertThat(exception.object()).isEqualTo("/dev/net/tun");
  }

  @Test
  void passesResultsOn() {
    assertThat(SystemCallException.check(7, "read", "x")).isEqualTo(7);
    assertThatThrownBy(() -> SystemCallException.check(-Errno.EBUSY, "ioctl TUNSETIFF", "tun0"))
        .hasMessage("ioctl TUNSETIFF tun0: EBUSY (Device or resource busy)");
  }

  @Test
  void anUnknownNumberStaysANumber() {
    assertThat(new SystemCallException("ioctl", 4000, "x")).hasMessageContaining("errno 4000");
  }
}
