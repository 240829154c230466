/** The control plane's contract: what a client of a Culvert node may depend on. */
@NullMarked
package net.culvert.api;

import org.jspecify.annotations.NullMarked;
