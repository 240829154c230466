/**
 * The API's own description: what the interfaces say, completed by what is the same for all of
 * them, in an order that never changes by itself.
 */
@NullMarked
package net.culvert.node.web.openapi;

import org.jspecify.annotations.NullMarked;
