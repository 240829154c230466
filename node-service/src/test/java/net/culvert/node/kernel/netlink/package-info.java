@NullMarked
package net.culvert.node.kernel.netlink;

import org.jspecify.annotations.NullMarked;
