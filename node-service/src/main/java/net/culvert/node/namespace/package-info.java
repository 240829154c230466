/**
 * Namespaces and their attachments. One attachment expands into a veth pair with everything that it
 * needs.
 */
@NullMarked
package net.culvert.node.namespace;

import org.jspecify.annotations.NullMarked;
