/**
 * Who may call the API. One bearer token guards everything but the health probes and the API's own
 * documentation.
 */
@NullMarked
package net.culvert.node.security;

import org.jspecify.annotations.NullMarked;
