/** What happens on a node, as its stream of events tells it. */
@NullMarked
package net.culvert.api.event;

import org.jspecify.annotations.NullMarked;
