@NullMarked
package net.culvert.node.configuration;

import org.jspecify.annotations.NullMarked;
