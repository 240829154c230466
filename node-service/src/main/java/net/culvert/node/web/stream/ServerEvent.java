package net.culvert.node.web.stream;

import org.jspecify.annotations.Nullable;

/**
 * One event.
 *
 * @param name the event's name, such as {@code packet}; no line ends
 * @param id for a reader that comes back with Last-Event-ID; null for none
 * @param data written as JSON on one line
 */
public record ServerEvent(String name, @Nullable String id, Object data) {}
