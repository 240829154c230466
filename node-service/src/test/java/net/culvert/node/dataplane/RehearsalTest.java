package net.culvert.node.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.testing.FaultInjectingSyscalls;
import net.culvert.node.transport.plain.Framing;
import net.culvert.node.transport.plain.PlainTransport;
import net.culvert.node.transport.wireguard.CipherSuite;
import net.culvert.node.transport.wireguard.PresharedKey;
import net.culvert.node.transport.wireguard.PrivateKey;
import net.culvert.node.transport.wireguard.WireGuardIdentity;
import net.culvert.node.transport.wireguard.WireGuardTransport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Packets cross inside the process, and nothing of it stays. */
@ExtendWith(OutputCaptureExtension.class)
class RehearsalTest {

  private final FaultInjectingSyscalls syscalls = new FaultInjectingSyscalls(Syscalls.real());
  private RehearsalCast cast = RehearsalCast.of(new PlainTransport(Framing.IP));

  private Rehearsal rehearsal(Duration length) {
    return new Rehearsal(syscalls.syscalls(), cast, length);
  }

  @Test
  void packetsOfBothFamiliesCrossBothWays(CapturedOutput output) {
    requireCrossing(Duration.ofMillis(300), output);
  }

  private void requireCrossing(Duration length, CapturedOutput output) {
    Rehearsal rehearsal = rehearsal(length);
    rehearsal.start();
    rehearsal.await();
    assertThat(output.toString()).containsPattern("rehearsed for \\d+ ms, [1-9]\\d* packets");
    assertThat(output.toString()).doesNotContain("WARN", "ERROR");
    assertThat(syscalls.openDescriptors()).isEmpty();
  }

  @Test
  void sessionsAreRehearsedToo(CapturedOutput output) {
    SecureRandom random = new SecureRandom();
    PrivateKey left = PrivateKey.generate(random);
    PrivateKey right = PrivateKey.generate(random);
    cast =
        new RehearsalCast(
            new WireGuardTransport(CipherSuite.WIREGUARD, left, random),
            new WireGuardIdentity(left.publicKey(), PresharedKey.NONE, 0),
            new WireGuardTransport(CipherSuite.WIREGUARD, right, random),
            new WireGuardIdentity(right.publicKey(), PresharedKey.NONE, 0));
    requireCrossing(Duration.ofSeconds(10), output);
    assertThat(output.toString()).contains("path of wireguard");
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
