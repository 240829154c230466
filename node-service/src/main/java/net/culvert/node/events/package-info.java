/**
 * What happens on the node, kept for a while in a ring and told by a stream that a reader can
 * resume. Whoever tells of something never waits for a reader.
 */
@NullMarked
package net.culvert.node.events;

import org.jspecify.annotations.NullMarked;
