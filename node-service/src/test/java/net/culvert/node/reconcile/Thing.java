package net.culvert.node.reconcile;

import org.jspecify.annotations.Nullable;

/** The key of an object in the {@link FakeKernel}. */
record Thing(Kind kind, String name, @Nullable Thing within) implements ObjectKey {

  static final Kind NAMESPACE = Kind.of("namespace", 10);
  static final Kind LINK = Kind.of("link", 30);
  static final Kind SETTING = Kind.shareable("setting", 40);
  static final Kind ADDRESS = Kind.of("address", 50);
  static final Kind ROUTE = Kind.of("route", 70);

  /**
   * What is wished and observed of a thing.
   *
   * @param rank see {@link Operations#rank}
   */
  record Value(String text, int rank) {
    static Value of(String text) {
      return new Value(text, 0);
    }
  }

  static Thing namespace(String name) {
    return new Thing(NAMESPACE, name, null);
  }

  static Thing link(String name) {
    return new Thing(LINK, name, null);
  }

  static Thing link(Thing namespace, String name) {
    return new Thing(LINK, name, namespace);
  }

  static Thing setting(Thing link, String name) {
    return new Thing(SETTING, name, link);
  }

  static Thing address(Thing link, String name) {
    return new Thing(ADDRESS, name, link);
  }

  static Thing route(String name) {
    return new Thing(ROUTE, name, null);
  }

  @Override
  public @Nullable ObjectKey container() {
    return within;
  }

  @Override
  public String toString() {
    return kind.name() + " " + name + (within == null ? "" : " of " + within);
  }
}
