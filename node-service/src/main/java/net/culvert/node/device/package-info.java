/**
 * One WireGuard device that is its user's: the program that stands in for {@code wireguard-go}. It
 * is configured by its socket alone and corrects nothing that somebody else does to the device. No
 * Spring, no REST, no reconciling: a start costs what it uses.
 */
@NullMarked
package net.culvert.node.device;

import org.jspecify.annotations.NullMarked;
