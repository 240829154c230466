/**
 * The way of every resource from its controller to the reconciler and back. A feature gives its
 * type and its view; the rest is the same for all.
 */
@NullMarked
package net.culvert.node.web.resource;

import org.jspecify.annotations.NullMarked;
