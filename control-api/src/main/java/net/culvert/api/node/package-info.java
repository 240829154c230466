/**
 * What the node itself is: its name, version, kernel and capabilities. It is read, never written.
 */
@NullMarked
package net.culvert.api.node;

import org.jspecify.annotations.NullMarked;
