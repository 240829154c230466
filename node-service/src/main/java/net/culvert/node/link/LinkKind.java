package net.culvert.node.link;

import static net.culvert.node.reconcile.WishRefusedException.invalid;

import net.culvert.api.link.LinkSpec;
import net.culvert.node.object.LinkKey;
import net.culvert.node.object.LinkMaker;
import org.jspecify.annotations.Nullable;

/**
 * One kind of link: what a wish of it holds, what it is made of, and how the kernel is asked for
 * it. A new kind is a new class with these methods, and its name in the list of {@link
 * LinkConfiguration}.
 */
interface LinkKind extends LinkMaker {

  /**
   * Adds the device itself and whatever only this kind has; addresses and settings follow from
   * elsewhere.
   *
   * @throws net.culvert.node.reconcile.WishRefusedException if the body lacks what the kind needs
   *     or has what it cannot use
   */
  void expand(LinkKey self, LinkSpec body, LinkSurroundings surroundings);

  /** Refuses fields that mean nothing for the kind. */
  static void refuse(String kind, String field, @Nullable Object value) {
    if (value != null) {
      throw invalid(field, "a link of kind " + kind + " has none");
    }
  }
}
