/** Tests of the values: every rule, and the sentence that tells a user of it. */
@org.jspecify.annotations.NullMarked
package net.culvert.api.value;
