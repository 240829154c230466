/** Tests of headers and checksums, and packets made for tests by simple means. */
@NullMarked
package net.culvert.node.packet;

import org.jspecify.annotations.NullMarked;
