/** Tests of the agents and of whole data planes, without a kernel and with time as an argument. */
@NullMarked
package net.culvert.node.dataplane;

import org.jspecify.annotations.NullMarked;
