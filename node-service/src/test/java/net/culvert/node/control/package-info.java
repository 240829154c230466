/**
 * The whole control plane, from the request to a kernel, held against faults and against a model:
 * over a kernel in memory in the unit ring, and over the real one.
 */
@NullMarked
package net.culvert.node.control;

import org.jspecify.annotations.NullMarked;
