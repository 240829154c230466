/**
 * What an administrator sets and what the node keeps between starts: properties, the state
 * directory and the node's identity. A mistake in any of them is a sentence, and the node does not
 * start.
 */
@NullMarked
package net.culvert.node.configuration;

import org.jspecify.annotations.NullMarked;
