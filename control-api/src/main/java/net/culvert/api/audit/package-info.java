/** The audit log: who changed what, and who was refused. */
@NullMarked
package net.culvert.api.audit;

import org.jspecify.annotations.NullMarked;
