package net.culvert.node.control;

import java.util.List;

/**
 * One request of a random sequence. It says nothing that depends on what went before, so that any
 * part of a sequence is one.
 *
 * @param path below {@code /api/v1/}
 * @param body JSON; empty for none
 * @param malformed whether no node in any state takes it
 * @param changes for a topology: what is done to all that is wished, or with {@code whole} all that
 *     there is to be
 */
record Call(
    Verb verb,
    String path,
    String body,
    Condition condition,
    boolean malformed,
    List<Call> changes,
    boolean whole) {

  enum Verb {
    PUT,
    DELETE,
    GET
  }

  /** What {@code If-Match} says. */
  enum Condition {
    NONE,
    /** The entity tag that a read gives; where there is none, some other. */
    CURRENT,
    STALE
  }

  static final String TOPOLOGY = "topology";

  static Call put(String path, String body) {
    return new Call(Verb.PUT, path, body, Condition.NONE, false, List.of(), false);
  }

  static Call delete(String path) {
    return new Call(Verb.DELETE, path, "", Condition.NONE, false, List.of(), false);
  }

  static Call get(String path) {
    return new Call(Verb.GET, path, "", Condition.NONE, false, List.of(), false);
  }

  static Call malformed(String path, String body) {
    return new Call(Verb.PUT, path, body, Condition.NONE, true, List.of(), false);
  }

  static Call topology(List<Call> changes, boolean whole) {
    return new Call(Verb.PUT, TOPOLOGY, "", Condition.NONE, false, changes, whole);
  }

  Call on(Condition other) {
    return new Call(verb, path, body, other, malformed, changes, whole);
  }

  @Override
  public String toString() {
    return verb
        + " "
        + path
        + (condition == Condition.NONE ? "" : " if " + condition)
        + (body.isEmpty() ? "" : " " + body)
        + (verb == Verb.PUT && path.equals(TOPOLOGY) && !malformed
            ? (whole ? " of " : " changed by ") + changes
            : "");
  }
}
