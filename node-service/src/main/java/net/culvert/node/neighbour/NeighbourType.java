package net.culvert.node.neighbour;

import static net.culvert.node.reconcile.WishRefusedException.absent;
import static net.culvert.node.reconcile.WishRefusedException.conflict;
import static net.culvert.node.reconcile.WishRefusedException.invalid;

import java.util.Map;
import net.culvert.api.neighbour.NeighbourSpec;
import net.culvert.node.object.HostFacts;
import net.culvert.node.object.LinkKey;
import net.culvert.node.object.NamespaceKey;
import net.culvert.node.object.NeighbourKey;
import net.culvert.node.object.NeighbourState;
import net.culvert.node.object.Observation;
import net.culvert.node.reconcile.Expansion;
import net.culvert.node.reconcile.ObjectKey;
import net.culvert.node.reconcile.ResourceType;
import net.culvert.node.reconcile.Surroundings;

/** What a neighbour entry is made of: itself. */
final class NeighbourType implements ResourceType<NeighbourSpec> {

  private final HostFacts facts;

  NeighbourType(HostFacts facts) {
    this.facts = facts;
  }

  @Override
  public String name() {
    return "neighbours";
  }

  @Override
  public Class<NeighbourSpec> bodyType() {
    return NeighbourSpec.class;
  }

  @Override
  public Expansion expand(String name, NeighbourSpec body, Surroundings surroundings) {
    if (body.address().isMulticast() || body.address().isUnspecified()) {
      throw invalid("address", body.address() + " is not the address of one host");
    }
    Expansion.Builder expansion = Expansion.builder();
    if (body.namespace() != null) {
      NamespaceKey namespace = new NamespaceKey(body.namespace());
      if (!surroundings.isWished(namespace)) {
        throw absent("there is no " + namespace + " among this node's");
      }
      expansion.use(namespace);
    }
    LinkKey link = new LinkKey(body.namespace(), body.link());
    if (!surroundings.isWished(link) && (surroundings.isLeaving(link) || !facts.linkExists(link))) {
      throw conflict("link", "there is no " + link);
    }
    // Also where it is not wished: after a start this may be read before its link is.
    expansion.use(link);
    return expansion
        .object(
            new NeighbourKey(link, body.address(), body.linkAddress() == null),
            new NeighbourState(body.linkAddress()))
        .build();
  }

  @Override
  public Map<String, Object> describe(Map<ObjectKey, Object> observed) {
    return Observation.describe(observed);
  }
}
