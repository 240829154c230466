/**
 * What the tests of several packages need: conditions on the machine, namespaces that are gone
 * afterwards, and commands that end. A test that cannot run says why; under {@code CI=true} it
 * fails instead.
 */
@NullMarked
package net.culvert.node.testing;

import org.jspecify.annotations.NullMarked;
