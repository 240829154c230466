package net.culvert.node.uapi;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import net.culvert.api.value.Endpoint;
import net.culvert.api.value.Prefix;
import net.culvert.api.value.SecretKey;
import net.culvert.node.testing.TestSize;
import net.culvert.node.uapi.DeviceChange.PeerChange;
import net.culvert.node.uapi.DeviceChange.PrefixChange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceChangeReaderTest {

  private static final String HEX =
      "e84b5a6d2717c1003a13b431570353dbaca9146cf150c5f8575680feba52027a";

  private static DeviceChange read(String... lines) {
    DeviceChangeReader reader = new DeviceChangeReader();
    for (String line : lines) {
      reader.line(line);
    }
    return reader.finish();
  }

  @Test
  void readsWhatTheToolsWrite() {
    DeviceChange change =
        read(
            "private_key=" + HEX,
            "listen_port=12912",
            "fwmark=0",
            "replace_peers=true",
            "public_key=b85996fecc9c7f1fc6d2572a76eda11d59bcd20be8e543b15ce4bd85a8e75a33",
            "preshared_key=" + "0".repeat(64),
            "replace_allowed_ips=true",
            "allowed_ip=192.168.4.4/32",
            "allowed_ip=10.1.2.3/24",
            "allowed_ip=-fd00::/64",
            "endpoint=[2001:db8::1]:51820",
            "persistent_keepalive_interval=111",
            "protocol_version=1",
            "public_key=58402e695ba1772b1cc9309755f043251ea77fdcf10fbe63989ceb7e19321376",
            "remove=true",
            "update_only=true");
    assertThat(change.listenPort()).isEqualTo(12912);
    assertThat(change.replacePeers()).isTrue();
    assertThat(requireNonNull(change.privateKey()).value())
        .isEqualTo("6EtabScXwQA6E7QxVwNT26ypFGzxUMX4V1aA/rpSAno=");
    assertThat(change.peers()).hasSize(2);
    PeerChange first = change.peers().getFirst();
    assertThat(first.presharedKey()).isEqualTo(SecretKey.NONE);
    assertThat(first.endpoint()).isEqualTo(Endpoint.parse("[2001:db8::1]:51820"));
    assertThat(first.keepaliveSeconds()).isEqualTo(111);
    assertThat(first.prefixes())
        .isEqualTo(
            List.of(
                new PrefixChange(Prefix.parse("192.168.4.4/32"), false),
                new PrefixChange(Prefix.parse("10.1.2.0/24"), false),
                new PrefixChange(Prefix.parse("fd00::/64"), true)));
    assertThat(change.peers().getLast().remove()).isTrue();
    assertThat(change.peers().getLast().updateOnly()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "listen_port",
        "listen_port=65536",
        "listen_port=-1",
        "listen_port=1e3",
        "private_key=00",
        "private_key=" + HEX + "00",
        "private_key=zz4b5a6d2717c1003a13b431570353dbaca9146cf150c5f8575680feba52027a",
        "replace_peers=false",
        "allowed_ip=10.0.0.0/8",
        "endpoint=1.2.3.4:5",
        "no_such_key=1",
      })
  void refusesTheRest(String line) {
    assertThatThrownBy(() -> read(line)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "allowed_ip=10.0.0.0/33",
        "allowed_ip=",
        "endpoint=example.org:5",
        "endpoint=1.2.3.4",
        "persistent_keepalive_interval=65536",
        "protocol_version=2",
        "remove=yes",
        "private_key=" + HEX,
      })
  void refusesTheRestOfPeers(String line) {
    assertThatThrownBy(() -> read("public_key=" + HEX, line))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void noMessageTellsAKey() {
    assertThatThrownBy(() -> read("private_key=" + HEX.substring(2)))
        .hasMessageNotContaining(HEX.substring(2, 20));
    assertThatThrownBy(() -> read("private_key=xy" + HEX.substring(2)))
        .hasMessageNotContaining(HEX.substring(2, 20))
        .hasNoCause();
    assertThat(read("private_key=" + HEX).toString()).doesNotContain("6Etab");
  }

  /** Rubbish is refused as such, and nothing else comes of it. */
  @Test
  void rubbish() {
    String[] pieces = {
      "public_key=" + HEX,
      "allowed_ip=10.0.0.0/8",
      "allowed_ip=-::/0",
      "endpoint=1.2.3.4:5",
      "preshared_key=" + HEX,
      "listen_port=7",
      "replace_peers=true",
      "=",
    };
    Random random = new Random(TestSize.seed(getClass()));
    int cases = TestSize.cases(1_000_000, 100_000_000);
    DeviceChangeReader reader = new DeviceChangeReader();
    int refused = 0;
    for (int i = 0; i < cases; i++) {
      StringBuilder line = new StringBuilder(pieces[random.nextInt(pieces.length)]);
      for (int changes = random.nextInt(4); changes > 0 && !line.isEmpty(); changes--) {
        int at = random.nextInt(line.length());
        switch (random.nextInt(3)) {
          case 0 -> line.setCharAt(at, (char) random.nextInt(256));
          case 1 -> line.deleteCharAt(at);
          default -> line.insert(at, (char) (' ' + random.nextInt(96)));
        }
      }
      try {
        reader.line(line.toString());
      } catch (IllegalArgumentException e) {
        refused++;
      }
      if (i % 1000 == 0) {
        reader.finish();
        reader = new DeviceChangeReader();
      }
    }
    assertThat(refused).isBetween(cases / 10, cases);
  }
}
