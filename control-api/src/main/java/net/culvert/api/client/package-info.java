/**
 * A typed client made from the same interfaces that the node implements. It needs no more than this
 * module.
 */
@NullMarked
package net.culvert.api.client;

import org.jspecify.annotations.NullMarked;
