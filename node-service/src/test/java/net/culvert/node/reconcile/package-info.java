/**
 * Tests of the reconciler over a kernel in memory. Time is an argument wherever it matters; every
 * random test prints its seed.
 */
@org.jspecify.annotations.NullMarked
package net.culvert.node.reconcile;
