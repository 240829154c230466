@NullMarked
package net.culvert.node.web;

import org.jspecify.annotations.NullMarked;
