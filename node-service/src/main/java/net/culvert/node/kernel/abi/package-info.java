/**
 * The kernel's numbers: constants and struct offsets, one class a user-space header, spelled as the
 * header spells them. A test compiles a probe against the installed headers and compares each.
 */
@NullMarked
package net.culvert.node.kernel.abi;

import org.jspecify.annotations.NullMarked;
