/** Tests of what {@code wg(8)} says and of WireGuard's own rules, without a socket. */
@NullMarked
package net.culvert.node.uapi;

import org.jspecify.annotations.NullMarked;
