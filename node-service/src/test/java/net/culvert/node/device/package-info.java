/** Tests of the program for one device that need no device. */
@NullMarked
package net.culvert.node.device;

import org.jspecify.annotations.NullMarked;
