/** Tests of the prefix table against a naive model. */
@NullMarked
package net.culvert.node.forwarding;

import org.jspecify.annotations.NullMarked;
