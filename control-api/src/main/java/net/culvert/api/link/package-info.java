/**
 * Network devices of a kind that the kernel offers: veth, bridge, macvlan. A link may stand in the
 * host or in a namespace of ours.
 */
@NullMarked
package net.culvert.api.link;

import org.jspecify.annotations.NullMarked;
