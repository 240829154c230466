/**
 * Nodes in containers: the image is built as a user builds it, and has no more privilege than the
 * Compose file names. Nothing is pulled, and nothing stays behind.
 */
@NullMarked
package net.culvert.node.docker;

import org.jspecify.annotations.NullMarked;
