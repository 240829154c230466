package net.culvert.node.reconcile;

/** Picks objects that an event may concern. */
@FunctionalInterface
public interface ObjectFilter {
  boolean concerns(ObjectKey key, Object value);
}
