package net.culvert.node.reconcile;

/**
 * What a user asked for.
 *
 * @param revision grows with every write to the table
 * @param body the resource type's record, with defaults filled in
 */
public record Wish<B>(ResourceId id, long revision, B body) {}
