@NullMarked
package net.culvert.node.kernel.capability;

import org.jspecify.annotations.NullMarked;
