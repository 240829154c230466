/**
 * Neighbour entries: fixed link-layer addresses, and addresses answered for by proxy. IPv4 and IPv6
 * alike.
 */
@NullMarked
package net.culvert.api.neighbour;

import org.jspecify.annotations.NullMarked;
