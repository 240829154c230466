/**
 * From an address to its owner by the longest matching prefix, in immutable snapshots. It knows no
 * kernel, socket, clock or thread.
 */
@NullMarked
package net.culvert.node.forwarding;

import org.jspecify.annotations.NullMarked;
