/** Links that stand for themselves: veth pairs, bridges, macvlans. A kind is one class here. */
@NullMarked
package net.culvert.node.link;

import org.jspecify.annotations.NullMarked;
