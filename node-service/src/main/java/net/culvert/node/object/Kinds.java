package net.culvert.node.object;

import net.culvert.node.reconcile.Kind;

/**
 * The kinds of object in the order in which they are made. A tunnel's device comes before links,
 * because as a link it is set up and given its MTU; a peer comes last, so that nothing is sent
 * before there is a way back.
 */
public final class Kinds {

  public static final Kind NAMESPACE = Kind.of("namespace", 10);
  public static final Kind TUNNEL = Kind.of("tunnel", 20);
  public static final Kind LINK = Kind.of("link", 30);
  public static final Kind SETTING = Kind.shareable("setting", 40);
  public static final Kind ADDRESS = Kind.of("address", 50);
  public static final Kind NEIGHBOUR = Kind.of("neighbour", 60);
  public static final Kind ROUTE = Kind.of("route", 70);
  public static final Kind PEER = Kind.of("peer", 80);

  private Kinds() {}

  /** How messages place an object: nothing for the host. */
  static String in(Object namespace) {
    return " in namespace " + namespace;
  }
}
