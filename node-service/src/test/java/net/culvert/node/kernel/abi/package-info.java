@NullMarked
package net.culvert.node.kernel.abi;

import org.jspecify.annotations.NullMarked;
