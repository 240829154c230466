package net.culvert.node.reconcile;

/**
 * A kind of kernel object.
 *
 * @param name as {@code ip(8)} calls it, in the singular
 * @param order objects of a smaller order are made first and removed last
 * @param shareable whether several resources may wish the same object, as long as they wish the
 *     same of it
 */
public record Kind(String name, int order, boolean shareable) implements Comparable<Kind> {

  public static Kind of(String name, int order) {
    return new Kind(name, order, false);
  }

  public static Kind shareable(String name, int order) {
    return new Kind(name, order, true);
  }

  @Override
  public int compareTo(Kind other) {
    return order != other.order ? Integer.compare(order, other.order) : name.compareTo(other.name);
  }
}
