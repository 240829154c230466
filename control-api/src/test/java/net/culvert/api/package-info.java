/** The records of the API as JSON. */
@org.jspecify.annotations.NullMarked
package net.culvert.api;
