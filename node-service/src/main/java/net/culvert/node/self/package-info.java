/**
 * The node's account of itself: who it is, what kernel it runs on, what it may do and what it
 * lacks.
 */
@NullMarked
package net.culvert.node.self;

import org.jspecify.annotations.NullMarked;
