/** The store over real files, with room that runs out and pages that are damaged. */
@NullMarked
package net.culvert.node.persistence;

import org.jspecify.annotations.NullMarked;
