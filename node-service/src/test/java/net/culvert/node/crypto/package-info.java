@NullMarked
package net.culvert.node.crypto;

import org.jspecify.annotations.NullMarked;
