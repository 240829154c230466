/**
 * Why a request was refused, as exceptions that know no framework, and the one place that turns
 * these and every other failure into problem details. Features throw; nothing else writes an error.
 */
@NullMarked
package net.culvert.node.web.problem;

import org.jspecify.annotations.NullMarked;
