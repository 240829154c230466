/** One host's control plane and data plane. */
@NullMarked
package net.culvert.node;

import org.jspecify.annotations.NullMarked;
