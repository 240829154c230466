@NullMarked
package net.culvert.node.web.problem;

import org.jspecify.annotations.NullMarked;
