package net.culvert.node.object;

import net.culvert.node.kernel.netns.NetworkNamespace;
import net.culvert.node.kernel.rtnetlink.LinkKind;
import net.culvert.node.kernel.rtnetlink.VethKind;
import net.culvert.node.reconcile.OperationException;
import org.jspecify.annotations.Nullable;

/**
 * Veth pairs, which attachments are made of too: both ends at once, the other one where it belongs.
 */
public class VethMaker implements LinkMaker {

  @Override
  public String name() {
    return LinkState.VETH;
  }

  @Override
  public LinkKind kernelKind(LinkKey self, LinkState desired, Namespaces namespaces)
      throws OperationException {
    LinkKey peer = desired.peer();
    if (peer == null) {
      throw new OperationException(
          OperationException.Reason.REFUSED, self + " has no other end in its wish");
    }
    @Nullable NetworkNamespace where =
        java.util.Objects.equals(peer.namespace(), self.namespace())
            ? null
            : namespaces.require(peer.namespace()).namespace();
    int mtu = desired.mtu() == null ? 0 : desired.mtu();
    return new VethKind(peer.name().value(), where, mtu, null);
  }
}
