package net.culvert.node.link;

import net.culvert.api.link.LinkSpec;
import net.culvert.node.object.LinkState;

/** What most kinds wish of their device. */
final class LinkStates {

  private LinkStates() {}

  static LinkState plain(String kind, LinkSpec body) {
    return new LinkState(
        kind,
        body.mtu(),
        !Boolean.FALSE.equals(body.up()),
        body.master(),
        null,
        body.parent(),
        body.mode(),
        0);
  }
}
