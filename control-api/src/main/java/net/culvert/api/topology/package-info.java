/** The whole node as one document. */
@NullMarked
package net.culvert.api.topology;

import org.jspecify.annotations.NullMarked;
