/** Tests of the plain transport. */
@NullMarked
package net.culvert.node.transport.plain;

import org.jspecify.annotations.NullMarked;
