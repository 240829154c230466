/** ICMP and ICMPv6 echo from inside a namespace or from the host. Nothing is kept of it. */
@NullMarked
package net.culvert.api.ping;

import org.jspecify.annotations.NullMarked;
