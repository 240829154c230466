/**
 * Routes of the main table, in the host or in a namespace of ours. Each is made with Culvert's own
 * route protocol.
 */
@NullMarked
package net.culvert.api.route;

import org.jspecify.annotations.NullMarked;
