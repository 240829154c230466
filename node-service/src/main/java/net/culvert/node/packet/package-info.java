/**
 * Bytes outside the heap and how to read them: Internet headers, checksums, batches of packets and
 * lists of pieces. It knows no kernel, socket, clock or thread, and everything that touches a
 * packet builds on it.
 */
@NullMarked
package net.culvert.node.packet;

import org.jspecify.annotations.NullMarked;
