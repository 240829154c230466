package net.culvert.node.dataplane;

import org.jspecify.annotations.Nullable;

/**
 * Whether an agent turns.
 *
 * @param name of its thread
 * @param alive whether it turned within the last seconds and did not fail each time
 * @param sinceLastTurnNanos age of its last turn
 * @param failures turns that ended in an exception since the start
 * @param failure what the last turn failed of, or null if it did not
 */
public record AgentStatus(
    String name, boolean alive, long sinceLastTurnNanos, long failures, @Nullable String failure) {}
