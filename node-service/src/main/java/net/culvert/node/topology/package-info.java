/** The whole node in one document: validated as one, applied as one. */
@NullMarked
package net.culvert.node.topology;

import org.jspecify.annotations.NullMarked;
