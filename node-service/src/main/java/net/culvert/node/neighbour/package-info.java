/** Neighbour entries: permanent ones and proxies. Both families alike. */
@NullMarked
package net.culvert.node.neighbour;

import org.jspecify.annotations.NullMarked;
