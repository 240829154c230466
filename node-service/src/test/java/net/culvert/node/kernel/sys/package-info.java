@NullMarked
package net.culvert.node.kernel.sys;

import org.jspecify.annotations.NullMarked;
