/** Tokens: who may call the node, and what for. */
@NullMarked
package net.culvert.api.token;

import org.jspecify.annotations.NullMarked;
