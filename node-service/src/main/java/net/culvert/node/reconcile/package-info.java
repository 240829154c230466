/**
 * The loop that makes the kernel follow the wish: resources expand into small kernel objects, a
 * pure planner takes the difference between those wished and those observed, and an executor
 * applies it. It knows no resource, no kernel and no Spring.
 */
@NullMarked
package net.culvert.node.reconcile;

import org.jspecify.annotations.NullMarked;
