package net.culvert.node.kernel.capability;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.abi.LinuxCapability;
import net.culvert.node.kernel.sys.SystemCallException;

/**
 * A set of capabilities by their names, such as CAP_NET_ADMIN.
 *
 * @param mask bit n is the capability of number n
 */
public record Capabilities(long mask) {

  private static final SortedMap<Integer, String> NAMES = new TreeMap<>();

  static {
    for (Field field : LinuxCapability.class.getFields()) {
      try {
        NAMES.put(field.getInt(null), field.getName());
      } catch (IllegalAccessException e) {
        throw new ExceptionInInitializerError(e);
      }
    }
  }

  /** What the calling thread may do now, CapEff of its status. */
  public static Capabilities effective() {
    Path status = Path.of("/proc/thread-self/status");
    try {
      return parse(Files.readAllLines(status));
    } catch (IOException e) {
      SystemCallException refusal = new SystemCallException("read", Errno.EIO, status.toString());
      refusal.initCause(e);
      throw refusal;
    }
  }

  /** From the lines of a status file; a line that is not there means none. */
  static Capabilities parse(List<String> lines) {
    for (String line : lines) {
      if (line.startsWith("CapEff:")) {
        return new Capabilities(
            Long.parseUnsignedLong(line.substring("CapEff:".length()).strip(), 16));
      }
    }
    return new Capabilities(0);
  }

  /** Whether it holds a capability of {@link LinuxCapability}. */
  public boolean has(int capability) {
    return (mask >>> capability & 1) != 0;
  }

  /** The names of what it holds, by number. */
  public List<String> names() {
    return NAMES.entrySet().stream()
        .filter(entry -> has(entry.getKey()))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** The names of those capabilities that it does not hold, in the order asked. */
  public List<String> missing(Collection<Integer> wanted) {
    return wanted.stream()
        .filter(capability -> !has(capability))
        .map(capability -> NAMES.getOrDefault(capability, "capability " + capability))
        .toList();
  }
}
