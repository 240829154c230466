@NullMarked
package net.culvert.node.kernel.poll;

import org.jspecify.annotations.NullMarked;
