/**
 * Who sent the request that is being served. Put there by who found it out, and read by whoever
 * must know: permissions, the audit log, event streams.
 */
@NullMarked
package net.culvert.node.web.caller;

import org.jspecify.annotations.NullMarked;
