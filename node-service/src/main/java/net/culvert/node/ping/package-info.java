/** Pings on request, from a namespace of ours or from the host. Nothing is kept of them. */
@NullMarked
package net.culvert.node.ping;

import org.jspecify.annotations.NullMarked;
