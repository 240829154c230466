/**
 * Server-sent events to readers that may be slow or gone. A stream has its own thread and never
 * holds up whoever makes the events.
 */
@NullMarked
package net.culvert.node.web.stream;

import org.jspecify.annotations.NullMarked;
