package net.culvert.node.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.testing.FaultInjectingSyscalls;
import net.culvert.node.transport.plain.Framing;
import net.culvert.node.transport.plain.PlainTransport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Packets cross inside the process, and nothing of it stays. */
@ExtendWith(OutputCaptureExtension.class)
class RehearsalTest {

  private final FaultInjectingSyscalls syscalls = new FaultInjectingSyscalls(Syscalls.real());
  private final PlainTransport transport = new PlainTransport(Framing.IP);

  private Rehearsal rehearsal(Duration length) {
    return new Rehearsal(syscalls.syscalls(), transport, length);
  }

  @Test
  void packetsOfBothFamiliesCrossBothWays(CapturedOutput output) {
    Rehearsal rehearsal = rehearsal(Duration.ofMillis(300));
    rehearsal.start();
    rehearsal.await();
    assertThat(output.toString()).containsPattern("rehearsed for \\d+ ms, [1-9]\\d* packets");
    assertThat(output.toString()).doesNotContain("WARN", "ERROR");
    assertThat(syscalls.openDescriptors()).isEmpty();
  }

  @Test
  void aRefusalCostsSpeedAlone(CapturedOutput output) {
    syscalls.failCall("bind", 2, Errno.EPERM);
    Rehearsal rehearsal = rehearsal(Duration.ofSeconds(20));
    rehearsal.start();
    rehearsal.await();
    assertThat(output.toString()).contains("no rehearsal").contains("bind");
    assertThat(syscalls.openDescriptors()).isEmpty();
  }

  @Test
  void nobodyWaitsForNone() {
    Rehearsal none = rehearsal(Duration.ZERO);
    none.start();
    none.await();
    none.close();
    assertThat(syscalls.calls()).isEmpty();
  }
}
