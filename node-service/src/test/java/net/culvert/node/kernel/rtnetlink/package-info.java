@NullMarked
package net.culvert.node.kernel.rtnetlink;

import org.jspecify.annotations.NullMarked;
