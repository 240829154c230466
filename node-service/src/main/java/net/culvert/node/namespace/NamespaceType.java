package net.culvert.node.namespace;

import static net.culvert.node.reconcile.WishRefusedException.conflict;
import static net.culvert.node.reconcile.WishRefusedException.invalid;

import java.util.Map;
import java.util.OptionalInt;
import net.culvert.api.namespace.AttachmentSpec;
import net.culvert.api.namespace.NamespaceSpec;
import net.culvert.api.value.Family;
import net.culvert.api.value.InterfaceAddress;
import net.culvert.api.value.IpAddress;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.Prefix;
import net.culvert.api.value.ResourceName;
import net.culvert.node.object.AddressKey;
import net.culvert.node.object.AddressState;
import net.culvert.node.object.Claims;
import net.culvert.node.object.HostFacts;
import net.culvert.node.object.LinkKey;
import net.culvert.node.object.LinkState;
import net.culvert.node.object.NamespaceKey;
import net.culvert.node.object.NamespaceState;
import net.culvert.node.object.Observation;
import net.culvert.node.object.RouteKey;
import net.culvert.node.object.RouteState;
import net.culvert.node.object.Setting;
import net.culvert.node.object.SettingKey;
import net.culvert.node.object.SettingState;
import net.culvert.node.reconcile.Expansion;
import net.culvert.node.reconcile.ObjectKey;
import net.culvert.node.reconcile.ResourceType;
import net.culvert.node.reconcile.Surroundings;
import org.jspecify.annotations.Nullable;

/**
 * What a namespace with its attachment is made of.
 *
 * <pre>
 *   namespace: lo, veth0 with its address, default route to the gateway (or on-link)
 *        │ veth pair
 *   host:      hostLink with the gateway's address (or a route to the namespace's), forwarding, proxy ARP / NDP
 *              (or hostLink as a port of a bridge, which has the address and the settings)
 * </pre>
 */
final class NamespaceType implements ResourceType<NamespaceSpec> {

  private final HostFacts facts;

  NamespaceType(HostFacts facts) {
    this.facts = facts;
  }

  @Override
  public String name() {
    return "namespaces";
  }

  @Override
  public Class<NamespaceSpec> bodyType() {
    return NamespaceSpec.class;
  }

  /** With every default written out that does not follow something else. */
  @Override
  public NamespaceSpec complete(String name, NamespaceSpec body, @Nullable NamespaceSpec stored) {
    AttachmentSpec attachment = body.attachment();
    return attachment == null
        ? body
        : new NamespaceSpec(AttachmentDefaults.of(new ResourceName(name), attachment));
  }

  @Override
  public boolean followsMtu() {
    return true;
  }

  @Override
  public boolean followsFacts() {
    return true;
  }

  @Override
  public Expansion expand(String name, NamespaceSpec body, Surroundings surroundings) {
    ResourceName namespace = new ResourceName(name);
    Expansion.Builder expansion = Expansion.builder();
    expansion.object(new NamespaceKey(namespace), NamespaceState.WISHED);
    AttachmentSpec attachment = body.attachment();
    if (attachment != null) {
      new Attachment(namespace, attachment, surroundings, expansion).expand();
    }
    return expansion.build();
  }

  @Override
  public Map<String, Object> describe(Map<ObjectKey, Object> observed) {
    return Observation.describe(observed);
  }

  private final class Attachment {
    private final ResourceName namespace;
    private final AttachmentSpec spec;
    private final Surroundings surroundings;
    private final Expansion.Builder expansion;
    private final LinkKey inner;
    private final LinkKey outer;
    private final @Nullable LinkKey bridge;

    Attachment(
        ResourceName namespace,
        AttachmentSpec spec,
        Surroundings surroundings,
        Expansion.Builder expansion) {
      this.namespace = namespace;
      this.spec = AttachmentDefaults.of(namespace, spec);
      this.surroundings = surroundings;
      this.expansion = expansion;
      this.inner = new LinkKey(namespace, given(this.spec.link()));
      this.outer = new LinkKey(null, given(this.spec.hostLink()));
      this.bridge = spec.bridge() == null ? null : new LinkKey(null, spec.bridge());
    }

    private static LinkName given(@Nullable LinkName name) {
      if (name == null) {
        throw new IllegalStateException("a default is missing");
      }
      return name;
    }

    void expand() {
      requireSense();
      Integer mtu = mtu();
      expansion.object(
          outer, LinkState.veth(mtu, true, bridge == null ? null : bridge.name(), inner));
      expansion.object(inner, LinkState.veth(mtu, true, null, outer));
      family(spec.address(), spec.gateway(), Family.IPV4);
      family(spec.address6(), spec.gateway6(), Family.IPV6);
    }

    private void requireSense() {
      if (spec.address() == null && spec.address6() == null) {
        throw invalid("attachment.address", "an attachment needs an address, an address6 or both");
      }
      requireFamily(spec.address(), spec.gateway(), Family.IPV4, "");
      requireFamily(spec.address6(), spec.gateway6(), Family.IPV6, "6");
      if (bridge != null && !surroundings.isWished(bridge)) {
        throw conflict("attachment.bridge", "there is no " + bridge + " among this node's");
      }
      if (spec.mtu() != null && spec.mtu() < 1280 && spec.address6() != null) {
        throw invalid("attachment.mtu", "IPv6 needs an MTU of 1280 bytes or more (RFC 8200)");
      }
    }

    private void requireFamily(
        @Nullable InterfaceAddress address,
        @Nullable IpAddress gateway,
        Family family,
        String suffix) {
      String field = "attachment.gateway" + suffix;
      if (address == null) {
        if (gateway != null) {
          throw invalid(field, "a gateway needs an address" + suffix + " beside it");
        }
        return;
      }
      if (address.family() != family) {
        throw invalid("attachment.address" + suffix, address + " is not of the family " + family);
      }
      if (gateway == null) {
        return;
      }
      if (gateway.family() != family) {
        throw invalid(field, gateway + " is not of the family " + family);
      }
      if (gateway.equals(address.address())) {
        throw invalid(field, gateway + " is the namespace's own address");
      }
      if (!address.prefix().contains(gateway)) {
        throw invalid(field, gateway + " does not lie in " + address.prefix());
      }
      try {
        new InterfaceAddress(gateway, address.length());
      } catch (IllegalArgumentException e) {
        throw invalid(field, String.valueOf(e.getMessage()));
      }
    }

    /**
     * The smallest of the node's tunnels; the egress link's while there is none; else the kernel's
     * own default.
     */
    private @Nullable Integer mtu() {
      if (spec.mtu() != null) {
        return spec.mtu();
      }
      OptionalInt followed = surroundings.smallestOfferedMtu();
      if (followed.isEmpty()) {
        followed = facts.egressMtu(null);
      }
      if (followed.isEmpty()) {
        return null;
      }
      int smallest = spec.address6() == null ? 68 : 1280;
      return Math.clamp(followed.getAsInt(), smallest, 65_535);
    }

    private void family(
        @Nullable InterfaceAddress address, @Nullable IpAddress gateway, Family family) {
      if (address == null) {
        return;
      }
      expansion.object(new AddressKey(inner, address), AddressState.PRESENT);
      Claims.address(expansion, inner, address);
      if (bridge == null) {
        routed(address, gateway);
      } else {
        Claims.onBridge(expansion, bridge, address.address());
        expansion.use(bridge);
      }
      Prefix everything = family == Family.IPV4 ? Prefix.IPV4_DEFAULT : Prefix.IPV6_DEFAULT;
      expansion.object(
          RouteKey.of(namespace, everything, null), new RouteState(gateway, inner.name(), null));
      settings(family);
    }

    private void routed(InterfaceAddress address, @Nullable IpAddress gateway) {
      if (gateway != null) {
        InterfaceAddress host = new InterfaceAddress(gateway, address.length());
        expansion.object(new AddressKey(outer, host), AddressState.PRESENT);
        Claims.address(expansion, outer, host);
      } else {
        // The host has no address on this link that would tell it where the namespace is.
        Prefix single = Prefix.containing(address.address(), address.family().bits());
        expansion.object(RouteKey.of(null, single, null), new RouteState(null, outer.name(), null));
        Claims.destination(expansion, null, single);
      }
    }

    /** The kernel looks at the device where a packet comes in: the bridge where there is one. */
    private void settings(Family family) {
      LinkKey device = bridge == null ? outer : bridge;
      boolean ipv4 = family == Family.IPV4;
      expansion.object(
          new SettingKey(device, ipv4 ? Setting.IPV4_FORWARDING : Setting.IPV6_FORWARDING),
          SettingState.ON);
      if (!Boolean.FALSE.equals(spec.proxyArp())) {
        expansion.object(
            new SettingKey(device, ipv4 ? Setting.IPV4_PROXY_ARP : Setting.IPV6_PROXY_NDP),
            SettingState.ON);
      }
    }
  }
}
