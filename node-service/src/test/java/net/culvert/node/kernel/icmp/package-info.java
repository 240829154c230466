@NullMarked
package net.culvert.node.kernel.icmp;

import org.jspecify.annotations.NullMarked;
