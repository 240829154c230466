/**
 * Whole nodes as real processes, each in a network namespace of its own, on a wire that the test
 * makes. What they did is looked at with {@code ip} and {@code ping}, not with our own code.
 */
@NullMarked
package net.culvert.node.lab;

import org.jspecify.annotations.NullMarked;
