@NullMarked
package net.culvert.node.web.stream;

import org.jspecify.annotations.NullMarked;
