/**
 * Nodes against programs that are not ours: what travels on the wire is what others send and
 * understand. Each program runs as its user would run it.
 */
@NullMarked
package net.culvert.node.lab.interop;

import org.jspecify.annotations.NullMarked;
