package net.culvert.node.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalInt;
import net.culvert.api.namespace.AttachmentSpec;
import net.culvert.api.namespace.NamespaceSpec;
import net.culvert.api.value.InterfaceAddress;
import net.culvert.api.value.IpAddress;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.Prefix;
import net.culvert.api.value.ResourceName;
import net.culvert.node.object.AddressKey;
import net.culvert.node.object.HostFacts;
import net.culvert.node.object.LinkKey;
import net.culvert.node.object.LinkState;
import net.culvert.node.object.RouteKey;
import net.culvert.node.object.RouteState;
import net.culvert.node.object.Setting;
import net.culvert.node.object.SettingKey;
import net.culvert.node.reconcile.DesiredStore;
import net.culvert.node.reconcile.DesiredTable;
import net.culvert.node.reconcile.ObjectKey;
import net.culvert.node.reconcile.Precondition;
import net.culvert.node.reconcile.WishRefusedException;
import net.culvert.node.testing.FixedFacts;
import net.culvert.node.testing.WishedObjects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NamespaceTypeTest {

  private static final ResourceName NET1 = new ResourceName("net1");
  private static final LinkKey OUTER = new LinkKey(null, new LinkName("veth-net1"));
  private static final LinkKey INNER = new LinkKey(NET1, new LinkName("veth0"));

  private final HostFacts facts = new FixedFacts(OptionalInt.of(9000));
  private final NamespaceType type = new NamespaceType(facts);
  private final WishedObjects wished = new WishedObjects();
  private final DesiredTable table =
      new DesiredTable(DesiredStore.inMemory(), List.of(type), wished);

  private void put(String name, @Nullable AttachmentSpec attachment) {
    NamespaceSpec body = type.complete(name, new NamespaceSpec(attachment), null);
    table.put(type, name, body, Precondition.NONE);
  }

  private Object state(ObjectKey key) {
    return wished.of(table, key).orElseThrow(() -> new AssertionError("not wished: " + key));
  }

  private static AttachmentSpec ipv4(String address, @Nullable String gateway) {
    return new AttachmentSpec(
        InterfaceAddress.parse(address),
        gateway == null ? null : IpAddress.parse(gateway),
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  @Test
  void anAttachmentIsAPairWithAddressesARouteAndProxyArp() {
    put("net1", ipv4("10.1.1.2/24", "10.1.1.1"));

    assertThat(state(OUTER)).isEqualTo(LinkState.veth(9000, true, null, INNER));
    assertThat(state(INNER)).isEqualTo(LinkState.veth(9000, true, null, OUTER));
    assertThat(wished.keys(table))
        .contains(
            new AddressKey(OUTER, InterfaceAddress.parse("10.1.1.1/24")),
            new AddressKey(INNER, InterfaceAddress.parse("10.1.1.2/24")),
            new SettingKey(OUTER, Setting.IPV4_FORWARDING),
            new SettingKey(OUTER, Setting.IPV4_PROXY_ARP));
    assertThat(state(RouteKey.of(NET1, Prefix.IPV4_DEFAULT, null)))
        .isEqualTo(new RouteState(IpAddress.parse("10.1.1.1"), INNER.name(), null));
  }

  @Test
  void withoutAGatewayTheDefaultRouteIsOnLinkAndTheHostKnowsTheAddress() {
    put("net1", ipv4("10.1.1.2/24", null));

    assertThat(state(RouteKey.of(NET1, Prefix.IPV4_DEFAULT, null)))
        .isEqualTo(new RouteState(null, INNER.name(), null));
    assertThat(state(RouteKey.of(null, Prefix.parse("10.1.1.2/32"), null)))
        .isEqualTo(new RouteState(null, OUTER.name(), null));
  }

  @Test
  void aBareNamespaceIsOneObject() {
    put("net1", null);

    assertThat(wished.keys(table)).hasSize(1);
  }

  @Test
  void aLongNameGetsADeviceNameOfFifteenBytes() {
    LinkName derived = AttachmentDefaults.hostLink(new ResourceName("a".repeat(63)));

    assertThat(derived.value()).hasSize(15).startsWith("veth-");
    assertThat(derived).isNotEqualTo(AttachmentDefaults.hostLink(new ResourceName("a".repeat(62))));
  }

  @Test
  void anAddressPrefixOrDeviceOfAnotherIsRefusedWithItsOwner() {
    put("net1", ipv4("10.1.1.2/24", "10.1.1.1"));

    assertThatThrownBy(() -> put("net2", ipv4("10.1.1.3/24", "10.1.1.1")))
        .isInstanceOf(WishRefusedException.class)
        .hasMessageContaining("namespaces/net1");
    assertThatThrownBy(() -> put("net2", ipv4("10.1.1.3/24", "10.1.1.4")))
        .hasMessageContaining("prefix 10.1.1.0/24")
        .hasMessageContaining("namespaces/net1");
    assertThat(wished.keys(table)).noneMatch(key -> key.toString().contains("net2"));
  }

  @Test
  void aGatewayMustBeAnotherAddressOfThePrefix() {
    assertThatThrownBy(() -> put("net1", ipv4("10.1.1.2/24", "10.1.2.1")))
        .hasMessageContaining("10.1.1.0/24");
    assertThatThrownBy(() -> put("net1", ipv4("10.1.1.2/24", "10.1.1.2")))
        .hasMessageContaining("own address");
    assertThatThrownBy(() -> put("net1", ipv4("10.1.1.2/24", "10.1.1.255")))
        .hasMessageContaining("broadcast");
    assertThatThrownBy(() -> put("net1", ipv4("10.1.1.2/24", "fd00::1")))
        .hasMessageContaining("family");
  }

  @Test
  void aBridgeThatIsNotThereIsAConflict() {
    AttachmentSpec spec =
        new AttachmentSpec(
            InterfaceAddress.parse("10.1.1.2/24"),
            null,
            null,
            null,
            null,
            null,
            new LinkName("br0"),
            null,
            null);

    assertThatThrownBy(() -> put("net1", spec)).hasMessageContaining("br0");
  }
}
