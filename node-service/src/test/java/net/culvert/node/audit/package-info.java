@NullMarked
package net.culvert.node.audit;

import org.jspecify.annotations.NullMarked;
