/**
 * The HTTP edge: bodies read with every mistake named, conditions on revisions, limits, and event
 * streams. It knows no feature; features use it.
 */
@NullMarked
package net.culvert.node.web;

import org.jspecify.annotations.NullMarked;
