/**
 * Network namespaces: named ones as {@code ip netns} makes and sees them, and code that runs inside
 * one. A namespace is entered only by a closure on a thread that is thrown away afterwards.
 */
@NullMarked
package net.culvert.node.kernel.netns;

import org.jspecify.annotations.NullMarked;
