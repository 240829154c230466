/**
 * What an operator or an orchestrator sees of the node: health indicators and meters. It reads
 * small interfaces that features implement, and knows no feature.
 */
@NullMarked
package net.culvert.node.health;

import org.jspecify.annotations.NullMarked;
