package net.culvert.node.firewall;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rule of a chain, as far as it matters here.
 *
 * @param devices what it asks of the devices that a packet comes from and goes to
 * @param conditional whether it asks for anything else, which is not understood
 * @param target the chain of a JUMP or GOTO
 * @param comment what it is marked with
 * @param handle the number to delete it by; 0 where the program has none
 */
record Rule(
    List<DeviceMatch> devices,
    boolean conditional,
    Verdict verdict,
    @Nullable String target,
    @Nullable String comment,
    long handle) {

  /** What a rule does with a packet that it matches. */
  enum Verdict {
    ACCEPT,
    DROP,
    JUMP,
    GOTO,
    RETURN,
    /** Counts, marks, logs, or does something that is not understood: the next rule is asked. */
    CONTINUE
  }

  /**
   * A condition about a device.
   *
   * @param inbound whether it is the one that the packet comes from
   * @param names any of them; one that ends with {@code *} begins so
   */
  record DeviceMatch(boolean inbound, List<String> names, boolean negated) {

    boolean matches(String in, String out) {
      String device = inbound ? in : out;
      boolean named = names.stream().anyMatch(name -> isNamed(device, name));
      return named != negated;
    }

    private static boolean isNamed(String device, String name) {
      return name.endsWith("*")
          ? device.startsWith(name.substring(0, name.length() - 1))
          : device.equals(name);
    }
  }

  /** Whether the rule takes every packet that goes that way. */
  boolean takes(String in, String out) {
    return !conditional && devices.stream().allMatch(match -> match.matches(in, out));
  }
}
