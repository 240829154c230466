/** Problem details (RFC 9457) as this API writes them. Every type URN is listed here and stays. */
@NullMarked
package net.culvert.api.problem;

import org.jspecify.annotations.NullMarked;
