package net.culvert.node.uapi;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.culvert.api.tunnel.PeerSpec;
import net.culvert.api.value.Prefix;
import net.culvert.api.value.PublicKey;
import net.culvert.node.uapi.DeviceChange.PeerChange;
import net.culvert.node.uapi.DeviceChange.PrefixChange;
import org.junit.jupiter.api.Test;

class DevicePeersTest {

  private static final PublicKey B = key(1);
  private static final PublicKey C = key(2);

  private final DevicePeers peers = new DevicePeers();

  private static PublicKey key(int number) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) number;
    bytes[1] = (byte) (number >> 8);
    bytes[2] = (byte) (number >> 16);
    return new PublicKey(Base64.getEncoder().encodeToString(bytes));
  }

  private static PeerChange peer(PublicKey key, boolean replace, String... prefixes) {
    List<PrefixChange> changes = new ArrayList<>();
    for (String each : prefixes) {
      boolean remove = each.startsWith("-");
      changes.add(new PrefixChange(Prefix.parseLenient(remove ? each.substring(1) : each), remove));
    }
    return new PeerChange(key, false, false, null, null, null, replace, changes);
  }

  private Set<PublicKey> apply(boolean replace, PeerChange... changes) {
    return peers.apply(new DeviceChange(null, null, null, replace, List.of(changes)));
  }

  private Collection<Prefix> prefixes(PublicKey key) {
    return requireNonNull(peers.get(key)).allowedPrefixes();
  }

  @Test
  void aPrefixMovesToItsLastOwner() {
    apply(false, peer(B, false, "10.1.2.3/24", "10.1.3.0/24"));
    assertThat(apply(false, peer(C, false, "10.1.3.9/24"))).containsExactlyInAnyOrder(B, C);
    assertThat(prefixes(B)).containsExactly(Prefix.parse("10.1.2.0/24"));
    assertThat(prefixes(C)).containsExactly(Prefix.parse("10.1.3.0/24"));
    // A peer takes away only what is its own.
    apply(false, peer(B, false, "-10.1.3.0/24"));
    assertThat(prefixes(C)).hasSize(1);
    apply(false, peer(C, true, "fd00::/8"));
    assertThat(prefixes(C)).containsExactly(Prefix.parse("fd00::/8"));
    assertThat(apply(false, peer(B, false, "10.1.3.0/24"))).containsExactly(B);
  }

  @Test
  void onlyWhatIsTouchedIsTold() {
    apply(false, peer(B, false, "10.1.2.0/24"), peer(C, false));
    assertThat(apply(false, peer(C, false, "10.9.0.0/16"))).containsExactly(C);
    PeerChange unknown = new PeerChange(key(3), false, true, null, null, 5, false, List.of());
    assertThat(apply(false, unknown)).isEmpty();
    PeerChange gone = new PeerChange(B, true, false, null, null, null, false, List.of());
    assertThat(apply(false, gone)).containsExactly(B);
    assertThat(apply(false, peer(C, false, "10.1.2.0/24"))).containsExactly(C);
    assertThat(apply(true, peer(key(3), false))).containsExactlyInAnyOrder(C, key(3));
    assertThat(peers.all()).hasSize(1);
  }

  @Test
  void aDeviceHasBounds() {
    PeerChange[] most =
        IntStream.range(0, PeerSpec.MAX_PEERS)
            .mapToObj(number -> peer(key(number), false))
            .toArray(PeerChange[]::new);
    apply(false, most);
    assertThatThrownBy(() -> apply(false, peer(key(PeerSpec.MAX_PEERS), false, "10.0.0.0/8")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(peers.all()).hasSize(PeerSpec.MAX_PEERS);
    // One that is there can be changed all the same, and everything replaced.
    assertThat(apply(false, peer(key(7), false, "10.0.0.0/8"))).hasSize(1);
    apply(true, most);
    assertThat(peers.all()).hasSize(PeerSpec.MAX_PEERS);
  }
}
