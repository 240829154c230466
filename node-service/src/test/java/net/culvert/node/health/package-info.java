@NullMarked
package net.culvert.node.health;

import org.jspecify.annotations.NullMarked;
