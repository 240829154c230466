/**
 * The small kernel objects that every resource is made of: namespaces, links, settings, addresses,
 * neighbours and routes, each with its key, its state and its operations over rtnetlink. What a
 * resource means is decided elsewhere; here it is done.
 */
@NullMarked
package net.culvert.node.object;

import org.jspecify.annotations.NullMarked;
