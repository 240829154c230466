/**
 * Routing netlink with types: links, addresses, routes and neighbours as the kernel has them, one
 * file a noun. Each noun's file holds its record, how it is read, and the requests about it.
 */
@NullMarked
package net.culvert.node.kernel.rtnetlink;

import org.jspecify.annotations.NullMarked;
