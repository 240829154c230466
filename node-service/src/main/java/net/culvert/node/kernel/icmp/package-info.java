/**
 * Echo requests from inside a network namespace, and what comes back: answers, and errors in words
 * with who said them.
 */
@NullMarked
package net.culvert.node.kernel.icmp;

import org.jspecify.annotations.NullMarked;
