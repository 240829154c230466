package net.culvert.node.link;

import static net.culvert.node.reconcile.WishRefusedException.invalid;

import net.culvert.api.link.LinkPeerSpec;
import net.culvert.api.link.LinkSpec;
import net.culvert.node.object.LinkKey;
import net.culvert.node.object.LinkState;
import net.culvert.node.object.VethMaker;
import net.culvert.node.reconcile.Expansion;

/** A pair of devices: what enters one comes out of the other. */
final class VethKind extends VethMaker implements LinkKind {

  @Override
  public void expand(LinkKey self, LinkSpec body, LinkSurroundings surroundings) {
    LinkKind.refuse(name(), "parent", body.parent());
    LinkKind.refuse(name(), "mode", body.mode());
    LinkPeerSpec peer = body.peer();
    if (peer == null) {
      throw invalid("peer", "a veth pair has two ends; name the other");
    }
    LinkKey other = new LinkKey(peer.namespace(), peer.name());
    if (other.equals(self)) {
      throw invalid("peer.name", "is the name of the first end");
    }
    Expansion.Builder expansion = surroundings.expansion();
    LinkType.requireNamespace(peer.namespace(), expansion, surroundings.wishes());
    boolean up = !Boolean.FALSE.equals(body.up());
    expansion
        .object(self, LinkState.veth(body.mtu(), up, body.master(), other))
        .object(other, LinkState.veth(body.mtu(), up, null, self));
    LinkType.addresses(other, LinkType.list(peer.addresses()), expansion);
  }
}
