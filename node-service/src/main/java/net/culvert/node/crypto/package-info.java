/**
 * Ciphers of the machine's own libraries, where they are quicker than the JDK's, and the choice
 * among them.
 */
@NullMarked
package net.culvert.node.crypto;

import org.jspecify.annotations.NullMarked;
