@NullMarked
package net.culvert.node.topology;

import org.jspecify.annotations.NullMarked;
