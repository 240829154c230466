/**
 * TUN devices: IP packets to and from the kernel's own network stack, one queue a thread pair. It
 * neither names nor configures the link beyond making it.
 */
@NullMarked
package net.culvert.node.kernel.tun;

import org.jspecify.annotations.NullMarked;
