/**
 * The cross-platform interface of WireGuard devices, which {@code wg(8)} speaks: the Unix socket,
 * its lines, and WireGuard's own rules about what they change. It has no opinion about what a
 * device is.
 */
@NullMarked
package net.culvert.node.uapi;

import org.jspecify.annotations.NullMarked;
