package net.culvert.node.link;

import static net.culvert.node.reconcile.WishRefusedException.conflict;
import static net.culvert.node.reconcile.WishRefusedException.invalid;

import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import net.culvert.api.link.LinkSpec;
import net.culvert.api.value.LinkName;
import net.culvert.node.kernel.rtnetlink.Link;
import net.culvert.node.kernel.rtnetlink.MacvlanKind.Mode;
import net.culvert.node.object.HostFacts;
import net.culvert.node.object.LinkKey;
import net.culvert.node.object.LinkState;
import net.culvert.node.object.Namespaces;
import net.culvert.node.object.Refused;
import net.culvert.node.reconcile.Expansion;
import net.culvert.node.reconcile.OperationException;
import org.jspecify.annotations.Nullable;

/** A device with a link-layer address of its own on top of another device of the host. */
final class MacvlanKind implements LinkKind {

  private static final Set<String> MODES = Set.of("private", "vepa", "bridge", "passthru");

  private final HostFacts facts;

  MacvlanKind(HostFacts facts) {
    this.facts = facts;
  }

  @Override
  public String name() {
    return LinkState.MACVLAN;
  }

  @Override
  public void expand(LinkKey self, LinkSpec body, LinkSurroundings surroundings) {
    LinkKind.refuse(name(), "peer", body.peer());
    LinkName parent = body.parent();
    if (parent == null) {
      throw invalid("parent", "a macvlan stands on another device; name it");
    }
    String mode = Objects.requireNonNullElse(body.mode(), "bridge");
    if (!MODES.contains(mode)) {
      throw invalid("mode", "'" + mode + "' is none of bridge, passthru, private, vepa");
    }
    Expansion.Builder expansion = surroundings.expansion();
    LinkKey below = new LinkKey(null, parent);
    if (!surroundings.wishes().isWished(below)
        && (surroundings.wishes().isLeaving(below) || !facts.linkExists(below))) {
      throw conflict("parent", "there is no " + below);
    }
    // Also where it is not wished: after a start this may be read before its parent is.
    expansion.use(below);
    boolean up = !Boolean.FALSE.equals(body.up());
    expansion.object(
        self, new LinkState(name(), body.mtu(), up, body.master(), null, parent, mode, 0));
  }

  @Override
  public net.culvert.node.kernel.rtnetlink.LinkKind kernelKind(
      LinkKey self, LinkState desired, Namespaces namespaces) throws OperationException {
    LinkKey below = new LinkKey(null, Objects.requireNonNull(desired.parent()));
    int index =
        namespaces
            .host()
            .rtnetlink()
            .link(below.name().value())
            .map(Link::index)
            .orElseThrow(() -> Refused.missing(self, below));
    Mode mode = Mode.valueOf(Objects.requireNonNull(desired.mode()).toUpperCase(Locale.ROOT));
    return new net.culvert.node.kernel.rtnetlink.MacvlanKind(index, mode);
  }

  @Override
  public @Nullable String modeOf(Link link) {
    Mode mode = net.culvert.node.kernel.rtnetlink.MacvlanKind.modeOf(link);
    return mode == null ? null : mode.name().toLowerCase(Locale.ROOT);
  }
}
