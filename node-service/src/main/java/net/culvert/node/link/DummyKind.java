package net.culvert.node.link;

import net.culvert.api.link.LinkSpec;
import net.culvert.node.object.LinkKey;
import net.culvert.node.object.LinkState;
import net.culvert.node.object.Namespaces;

/** A device that leads nowhere, for addresses that are to stay whatever other links do. */
final class DummyKind implements LinkKind {

  @Override
  public String name() {
    return "dummy";
  }

  @Override
  public void expand(LinkKey self, LinkSpec body, LinkSurroundings surroundings) {
    LinkKind.refuse(name(), "peer", body.peer());
    LinkKind.refuse(name(), "parent", body.parent());
    LinkKind.refuse(name(), "mode", body.mode());
    surroundings.expansion().object(self, LinkStates.plain(name(), body));
  }

  @Override
  public net.culvert.node.kernel.rtnetlink.LinkKind kernelKind(
      LinkKey self, LinkState desired, Namespaces namespaces) {
    return this::name;
  }
}
