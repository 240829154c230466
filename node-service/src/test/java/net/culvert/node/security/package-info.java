@NullMarked
package net.culvert.node.security;

import org.jspecify.annotations.NullMarked;
