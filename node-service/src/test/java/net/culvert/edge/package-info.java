/**
 * The edges of the node before resources that live in memory. It stands beside {@code
 * net.culvert.node}, whose component scan must not find its stand-ins.
 */
@NullMarked
package net.culvert.edge;

import org.jspecify.annotations.NullMarked;
