/**
 * What this process may do to the kernel, found by looking: capabilities, devices, writable
 * settings.
 */
@NullMarked
package net.culvert.node.kernel.capability;

import org.jspecify.annotations.NullMarked;
