package net.culvert.node.reconcile;

import org.jspecify.annotations.Nullable;

/**
 * A step that a batch would need.
 *
 * @param resource the wish that the object belongs to, or did until now; null for a leftover
 */
public record PlannedStep(Step step, @Nullable ResourceId resource, Description description) {}
