/**
 * The documents say what is so: their links lead somewhere, the classes that they name exist, and
 * every library has its licence written down. A page that is checked cannot go stale unseen.
 */
@NullMarked
package net.culvert.node.documents;

import org.jspecify.annotations.NullMarked;
