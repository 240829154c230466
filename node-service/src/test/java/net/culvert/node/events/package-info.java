@NullMarked
package net.culvert.node.events;

import org.jspecify.annotations.NullMarked;
