package net.culvert.node.route;

import static net.culvert.node.reconcile.WishRefusedException.absent;
import static net.culvert.node.reconcile.WishRefusedException.conflict;
import static net.culvert.node.reconcile.WishRefusedException.invalid;

import java.util.Map;
import net.culvert.api.route.RouteSpec;
import net.culvert.api.value.Family;
import net.culvert.api.value.IpAddress;
import net.culvert.api.value.Prefix;
import net.culvert.node.object.Claims;
import net.culvert.node.object.HostFacts;
import net.culvert.node.object.LinkKey;
import net.culvert.node.object.NamespaceKey;
import net.culvert.node.object.Observation;
import net.culvert.node.object.RouteKey;
import net.culvert.node.object.RouteState;
import net.culvert.node.reconcile.Expansion;
import net.culvert.node.reconcile.ObjectKey;
import net.culvert.node.reconcile.ResourceType;
import net.culvert.node.reconcile.Surroundings;
import org.jspecify.annotations.Nullable;

/** What a route is made of: itself. */
final class RouteType implements ResourceType<RouteSpec> {

  private final HostFacts facts;

  RouteType(HostFacts facts) {
    this.facts = facts;
  }

  @Override
  public String name() {
    return "routes";
  }

  @Override
  public Class<RouteSpec> bodyType() {
    return RouteSpec.class;
  }

  @Override
  public Expansion expand(String name, RouteSpec body, Surroundings surroundings) {
    IpAddress via = body.via();
    if (via == null && body.link() == null) {
      throw invalid("link", "a route names via, link or both");
    }
    Prefix destination = body.destination().resolve(family(via));
    if (via != null && via.family() != destination.family()) {
      throw invalid("via", via + " is not of the family of " + destination);
    }
    if (via != null && (via.isUnspecified() || via.isMulticast())) {
      throw invalid("via", via + " is not the address of one host");
    }
    if (destination.address().isMulticast()) {
      throw invalid("destination", destination + " is multicast");
    }
    Expansion.Builder expansion = Expansion.builder();
    if (body.namespace() != null) {
      NamespaceKey namespace = new NamespaceKey(body.namespace());
      if (!surroundings.isWished(namespace)) {
        throw absent("there is no " + namespace + " among this node's");
      }
      expansion.use(namespace);
    }
    if (body.link() != null) {
      LinkKey link = new LinkKey(body.namespace(), body.link());
      if (!surroundings.isWished(link)
          && (surroundings.isLeaving(link) || !facts.linkExists(link))) {
        throw conflict("link", "there is no " + link);
      }
      // Somebody else's too: when it changes, this route is looked at.
      expansion.use(link);
    }
    if (body.metric() == null) {
      Claims.destination(expansion, body.namespace(), destination);
    }
    return expansion
        .object(
            RouteKey.of(body.namespace(), destination, body.metric()),
            new RouteState(via, body.link(), body.mtu()))
        .build();
  }

  private static Family family(@Nullable IpAddress via) {
    return via == null ? Family.IPV4 : via.family();
  }

  @Override
  public Map<String, Object> describe(Map<ObjectKey, Object> observed) {
    return Observation.describe(observed);
  }
}
