/**
 * Waiting for descriptors, and being woken while waiting. Shutting a blocked thread down works by
 * an event descriptor only: neither close nor interrupt ends a native call.
 */
@NullMarked
package net.culvert.node.kernel.poll;

import org.jspecify.annotations.NullMarked;
