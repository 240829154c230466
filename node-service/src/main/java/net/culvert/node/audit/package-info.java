/** The audit log: who changed what, and who was refused, one line of JSON each, in files. */
@NullMarked
package net.culvert.node.audit;

import org.jspecify.annotations.NullMarked;
