/**
 * Network namespaces, and their attachment to the host. One attachment is the article's veth pair,
 * addresses, routes and proxy ARP.
 */
@NullMarked
package net.culvert.api.namespace;

import org.jspecify.annotations.NullMarked;
