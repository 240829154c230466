/**
 * What every resource has in common: a revision, a status, and lists. The nouns themselves stand in
 * packages of their own.
 */
@NullMarked
package net.culvert.api.resource;

import org.jspecify.annotations.NullMarked;
