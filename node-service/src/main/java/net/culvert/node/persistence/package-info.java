/**
 * The durable side of what is wished: one SQLite file in the state directory, brought to its
 * present form by Flyway, written through Spring's JdbcClient before a write is acknowledged.
 */
@NullMarked
package net.culvert.node.persistence;

import org.jspecify.annotations.NullMarked;
