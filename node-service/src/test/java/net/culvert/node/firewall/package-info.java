/** Tests of how other programs' packet filters are understood. */
@NullMarked
package net.culvert.node.firewall;

import org.jspecify.annotations.NullMarked;
