/**
 * Values that cross the wire: addresses, prefixes, endpoints and names. Each is validated when it
 * is made and has one canonical text form; a refused text is answered by an {@link
 * IllegalArgumentException} whose message a user can act on.
 */
@NullMarked
package net.culvert.api.value;

import org.jspecify.annotations.NullMarked;
