/**
 * The netlink protocol, whatever family speaks it: messages, attributes, requests with their
 * acknowledgements, dumps and events. What the messages mean is the business of others.
 */
@NullMarked
package net.culvert.node.kernel.netlink;

import org.jspecify.annotations.NullMarked;
