package net.culvert.node.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import net.culvert.api.value.InterfaceAddress;
import net.culvert.node.reconcile.WishRefusedException;
import net.culvert.node.testing.TestSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WgQuickFileTest {

  private static final String KEY = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";

  private static final String FILE =
      "# mine\n[interface]\nprivatekey="
          + KEY
          + "\nAddress = 10.0.0.1/24,fd00::1 # two\nListenPort=51820\nDNS = 1.1.1.1\nMTU = 1380\n\n"
          + "[Peer]\nPublicKey = "
          + KEY
          + "\nAllowedIPs = 10.1.2.3/24, 0.0.0.0/0\nEndpoint = example.org:7\n"
          + "PersistentKeepalive = off\n";

  @Test
  void readsWhatWgQuickDoes() {
    WgQuickFile file = WgQuickFile.parse(FILE);
    assertThat(file.addresses())
        .containsExactly(
            InterfaceAddress.parse("10.0.0.1/24"), InterfaceAddress.parse("fd00::1/128"));
    assertThat(file.listenPort()).isEqualTo(51820);
    assertThat(file.mtu()).isEqualTo(1380);
    assertThat(file.installRoutes()).isFalse();
    assertThat(file.peers()).hasSize(1);
    assertThat(file.peers().getFirst().prefixes()).hasSize(2);
    assertThat(file.peers().getFirst().keepaliveSeconds()).isZero();
    assertThat(file.toString()).doesNotContain("privateKey=" + KEY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PostUp = rm -rf /",
        "PreDown=x",
        "Table = 7",
        "FwMark = 0x1",
        "ListenPort = 70000",
        "Address = 10.0.0.256",
        "PrivateKey = short",
        "Colour = red",
        "nothing",
        "[Server]",
      })
  void tellsTheLine(String line) {
    assertThatThrownBy(() -> WgQuickFile.parse("[Interface]\n" + line + "\n"))
        .isInstanceOfSatisfying(
            WishRefusedException.class, e -> assertThat(e.field()).isEqualTo("line 2"));
  }

  @Test
  void rubbish() {
    Random random = new Random(TestSize.seed(getClass()));
    int cases = TestSize.cases(100_000, 10_000_000);
    for (int i = 0; i < cases; i++) {
      StringBuilder text = new StringBuilder(FILE);
      for (int changes = random.nextInt(6); changes > 0; changes--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.setCharAt(at, (char) random.nextInt(0x300));
          case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(20)));
          default -> text.insert(at, FILE, 0, random.nextInt(FILE.length()));
        }
        if (text.isEmpty()) {
          break;
        }
      }
      try {
        WgQuickFile.parse(text.toString());
      } catch (WishRefusedException e) {
        assertThat(e.field()).startsWith("line ");
      }
    }
  }
}
