package net.culvert.node.link;

import static net.culvert.node.reconcile.WishRefusedException.absent;
import static net.culvert.node.reconcile.WishRefusedException.conflict;
import static net.culvert.node.reconcile.WishRefusedException.invalid;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import net.culvert.api.link.LinkSpec;
import net.culvert.api.value.InterfaceAddress;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ResourceName;
import net.culvert.node.object.AddressKey;
import net.culvert.node.object.AddressState;
import net.culvert.node.object.Claims;
import net.culvert.node.object.LinkKey;
import net.culvert.node.object.NamespaceKey;
import net.culvert.node.object.Observation;
import net.culvert.node.object.Setting;
import net.culvert.node.object.SettingKey;
import net.culvert.node.object.SettingState;
import net.culvert.node.reconcile.Expansion;
import net.culvert.node.reconcile.ObjectKey;
import net.culvert.node.reconcile.ResourceType;
import net.culvert.node.reconcile.Surroundings;
import org.jspecify.annotations.Nullable;

/** What a link is made of: the device (which its kind knows), its addresses and its settings. */
final class LinkType implements ResourceType<LinkSpec> {

  private final Map<String, LinkKind> kinds = new TreeMap<>();

  LinkType(List<LinkKind> kinds) {
    kinds.forEach(kind -> this.kinds.put(kind.name(), kind));
  }

  @Override
  public String name() {
    return "links";
  }

  @Override
  public Class<LinkSpec> bodyType() {
    return LinkSpec.class;
  }

  @Override
  public Expansion expand(String name, LinkSpec body, Surroundings surroundings) {
    LinkKind kind = kinds.get(body.kind());
    if (kind == null) {
      throw invalid(
          "kind", "'" + body.kind() + "' is none of " + String.join(", ", kinds.keySet()));
    }
    LinkKey self = new LinkKey(body.namespace(), new LinkName(name));
    Expansion.Builder expansion = Expansion.builder();
    requireNamespace(body.namespace(), expansion, surroundings);
    requireMaster(body, surroundings, expansion);
    kind.expand(self, body, new LinkSurroundings(surroundings, expansion));
    addresses(self, list(body.addresses()), expansion);
    if (Boolean.TRUE.equals(body.proxyArp())) {
      // The kernel answers for others only where it would forward to them.
      expansion.object(new SettingKey(self, Setting.IPV4_FORWARDING), SettingState.ON);
      expansion.object(new SettingKey(self, Setting.IPV4_PROXY_ARP), SettingState.ON);
    }
    return expansion.build();
  }

  static void requireNamespace(
      @Nullable ResourceName name, Expansion.Builder expansion, Surroundings surroundings) {
    if (name == null) {
      return;
    }
    NamespaceKey namespace = new NamespaceKey(name);
    if (!surroundings.isWished(namespace)) {
      throw absent("there is no " + namespace + " among this node's");
    }
    expansion.use(namespace);
  }

  private static void requireMaster(
      LinkSpec body, Surroundings surroundings, Expansion.Builder expansion) {
    if (body.master() == null) {
      return;
    }
    LinkKey master = new LinkKey(body.namespace(), body.master());
    if (!surroundings.isWished(master)) {
      throw conflict("master", "there is no " + master + " among this node's");
    }
    expansion.use(master);
  }

  static void addresses(
      LinkKey link, List<InterfaceAddress> addresses, Expansion.Builder expansion) {
    for (InterfaceAddress address : addresses) {
      expansion.object(new AddressKey(link, address), AddressState.PRESENT);
      Claims.address(expansion, link, address);
    }
  }

  static List<InterfaceAddress> list(@Nullable List<InterfaceAddress> addresses) {
    return Objects.requireNonNullElse(addresses, List.of());
  }

  /** With every default written out that is not the kernel's. */
  @Override
  public LinkSpec complete(String name, LinkSpec body, @Nullable LinkSpec stored) {
    return new LinkSpec(
        body.kind(),
        body.namespace(),
        list(body.addresses()),
        body.mtu(),
        Objects.requireNonNullElse(body.up(), true),
        Objects.requireNonNullElse(body.proxyArp(), false),
        body.master(),
        body.peer(),
        body.parent(),
        body.mode());
  }

  @Override
  public Map<String, Object> describe(Map<ObjectKey, Object> observed) {
    return Observation.describe(observed);
  }
}
