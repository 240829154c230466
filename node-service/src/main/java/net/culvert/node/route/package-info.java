/**
 * Routes that stand for themselves. Those of attachments and peers are made by their own features.
 */
@NullMarked
package net.culvert.node.route;

import org.jspecify.annotations.NullMarked;
