package net.culvert.node.reconcile;

import static net.culvert.node.reconcile.Tunnelling.device;
import static net.culvert.node.reconcile.Tunnelling.veth;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.culvert.node.reconcile.Thing.Value;
import net.culvert.node.reconcile.Tunnelling.Net;
import net.culvert.node.reconcile.Tunnelling.Peer;
import net.culvert.node.reconcile.Tunnelling.Tunnel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FollowersTest {

  private final Bench bench = new Bench();
  private final Tunnelling types = bench.tunnelling;

  @AfterEach
  void close() {
    bench.close();
  }

  private Object kernel(Thing thing) {
    return bench.kernel.ours().getOrDefault(thing, "absent");
  }

  @Test
  void followTheSmallestMtuOfferedAndGoBackWithIt() throws Exception {
    bench.put(types.nets, "net1", new Net("10.1.1.2"));
    assertThat(kernel(veth("net1"))).isEqualTo(Value.of("mtu 9000"));

    bench.put(types.tunnels, "tun0", new Tunnel(1472));
    bench.put(types.tunnels, "tun1", new Tunnel(1400));
    bench.settle();
    assertThat(kernel(veth("net1"))).isEqualTo(Value.of("mtu 1400"));

    bench.delete(types.tunnels, "tun1");
    bench.settle();
    assertThat(kernel(veth("net1"))).isEqualTo(Value.of("mtu 1472"));

    bench.delete(types.tunnels, "tun0");
    bench.settle();
    assertThat(kernel(veth("net1"))).isEqualTo(Value.of("mtu 9000"));
    bench.assertClean("after all");
    // Following is not drift.
    assertThat(bench.drift).isEmpty();
    assertThat(bench.standing(types.nets, "net1").corrections()).isZero();
  }

  @Test
  void leaveTheRevisionOfAFollowerAlone() throws Exception {
    long revision = bench.put(types.nets, "net1", new Net("10.1.1.2")).wish().revision();

    bench.put(types.tunnels, "tun0", new Tunnel(1472));
    bench.settle();

    assertThat(bench.table.get(types.nets, "net1").orElseThrow().revision()).isEqualTo(revision);
  }

  @Test
  void followTheHostsFacts() throws Exception {
    bench.put(types.nets, "net1", new Net("10.1.1.2"));
    bench.put(types.tunnels, "tun0", new Tunnel(9000));
    bench.put(types.peers, "tun0/b", new Peer("10.1.2.0/24", 9000));
    bench.settle();
    int calls = bench.kernel.calls();
    bench.table.factsChanged();
    assertThat(bench.schedule.next()).isEmpty();
    assertThat(bench.kernel.calls()).isEqualTo(calls);

    types.egress.set(1300);
    bench.table.factsChanged();
    bench.settle();

    assertThat(kernel(device("tun0"))).isEqualTo(Value.of("mtu 1300"));
    assertThat(kernel(veth("net1"))).isEqualTo(Value.of("mtu 1300"));
    // The child of a follower follows it.
    assertThat(kernel(Thing.setting(device("tun0"), "tun0/b"))).isEqualTo(Value.of("mtu 1300"));
    bench.assertClean("after a change of facts");
  }

  @Test
  void letAParentFollowItsChildrenAndThemTheParent() throws Exception {
    bench.put(types.nets, "net1", new Net("10.1.1.2"));
    bench.put(types.tunnels, "tun0", new Tunnel(1472));
    bench.put(types.peers, "tun0/b", new Peer("10.1.2.0/24", 1500));
    bench.put(types.peers, "tun0/c", new Peer("10.1.3.0/24", 1280));
    bench.settle();

    assertThat(kernel(device("tun0"))).isEqualTo(Value.of("mtu 1280"));
    assertThat(kernel(Thing.setting(device("tun0"), "tun0/b"))).isEqualTo(Value.of("mtu 1280"));
    assertThat(kernel(veth("net1"))).isEqualTo(Value.of("mtu 1280"));

    bench.delete(types.peers, "tun0/c");
    bench.settle();
    assertThat(kernel(device("tun0"))).isEqualTo(Value.of("mtu 1472"));
    assertThat(kernel(Thing.setting(device("tun0"), "tun0/b"))).isEqualTo(Value.of("mtu 1472"));
    assertThat(kernel(veth("net1"))).isEqualTo(Value.of("mtu 1472"));
    bench.assertClean("after all");
  }

  @Test
  void goBackWhenTheWriteTheyFollowedIsRefused() throws Exception {
    bench.put(types.nets, "net1", new Net("10.1.1.2"));
    bench.put(types.tunnels, "tun0", new Tunnel(1472));
    bench.put(types.peers, "tun0/b", new Peer("10.1.2.0/24", 1500));
    bench.settle();
    bench.kernel.breakThing(device("tun0"));

    assertThatThrownBy(() -> bench.put(types.tunnels, "tun0", new Tunnel(1000)))
        .hasMessage("link tun0 is broken");
    bench.kernel.mendAll();
    bench.settle();

    assertThat(kernel(device("tun0"))).isEqualTo(Value.of("mtu 1472"));
    assertThat(kernel(veth("net1"))).isEqualTo(Value.of("mtu 1472"));
    bench.assertClean("after the undo");
  }

  @Test
  void goWithTheirParent() throws Exception {
    bench.put(types.tunnels, "tun0", new Tunnel(1472));
    bench.put(types.peers, "tun0/b", new Peer("10.1.2.0/24", 1500));
    bench.put(types.peers, "tun0/c", new Peer("10.1.3.0/24", 1500));

    assertThat(bench.delete(types.tunnels, "tun0")).isTrue();

    assertThat(bench.kernel.ours()).isEmpty();
    bench.assertClean("after the deletion");
    assertThatThrownBy(() -> bench.put(types.peers, "tun0/b", new Peer("10.1.2.0/24", 1500)))
        .isInstanceOf(WishRefusedException.class)
        .hasMessage("there is no tunnel tun0");
  }

  @Test
  void comeBackWithTheirParentWhenItCannotBeDeleted() throws Exception {
    bench.put(types.tunnels, "tun0", new Tunnel(1472));
    bench.put(types.peers, "tun0/b", new Peer("10.1.2.0/24", 1500));
    bench.kernel.breakThing(device("tun0"));

    assertThatThrownBy(() -> bench.delete(types.tunnels, "tun0")).hasMessage("link tun0 is broken");

    bench.kernel.mendAll();
    bench.settle();
    assertThat(bench.table.count()).containsEntry("tunnels", 1).containsEntry("peers", 1);
    assertThat(kernel(Thing.route("10.1.2.0/24"))).isEqualTo(Value.of("by tun0 tun0/b"));
    bench.assertClean("after the undo");
  }

  @Test
  void nameTheHolderOfAPrefix() throws Exception {
    bench.put(types.tunnels, "tun0", new Tunnel(1472));
    bench.put(types.peers, "tun0/b", new Peer("10.1.2.0/24", 1500));

    assertThatThrownBy(() -> bench.put(types.peers, "tun0/c", new Peer("10.1.2.0/24", 1500)))
        .isInstanceOf(WishRefusedException.class)
        .hasMessage("route 10.1.2.0/24 is already used by peers/tun0/b");
  }
}
