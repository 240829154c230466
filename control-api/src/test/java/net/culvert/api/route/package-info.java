/** Tests of what a route is described with. */
@org.jspecify.annotations.NullMarked
package net.culvert.api.route;
