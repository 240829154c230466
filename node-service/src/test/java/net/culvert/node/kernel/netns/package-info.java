@NullMarked
package net.culvert.node.kernel.netns;

import org.jspecify.annotations.NullMarked;
