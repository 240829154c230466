package net.culvert.node.link;

import net.culvert.api.link.LinkSpec;
import net.culvert.node.object.LinkKey;
import net.culvert.node.object.LinkState;
import net.culvert.node.object.Namespaces;

/** A switch whose ports are links that name it as their master. */
final class BridgeKind implements LinkKind {

  @Override
  public String name() {
    return LinkState.BRIDGE;
  }

  @Override
  public void expand(LinkKey self, LinkSpec body, LinkSurroundings surroundings) {
    LinkKind.refuse(name(), "peer", body.peer());
    LinkKind.refuse(name(), "parent", body.parent());
    LinkKind.refuse(name(), "mode", body.mode());
    LinkKind.refuse(name(), "master", body.master());
    surroundings.expansion().object(self, LinkStates.plain(name(), body));
  }

  @Override
  public net.culvert.node.kernel.rtnetlink.LinkKind kernelKind(
      LinkKey self, LinkState desired, Namespaces namespaces) {
    return new net.culvert.node.kernel.rtnetlink.BridgeKind();
  }
}
