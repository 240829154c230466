package net.culvert.node.object;

/**
 * A network namespace.
 *
 * @param loopbackUp whether {@code lo} is up
 * @param inode of the namespace, which tells it from one of the same name made later; 0 in a wish
 */
public record NamespaceState(boolean loopbackUp, long inode) {

  /** What a making or a removal that was cut short leaves of one: its name. */
  static final NamespaceState LEFTOVER = new NamespaceState(false, -1);

  public static final NamespaceState WISHED = new NamespaceState(true, 0);
}
