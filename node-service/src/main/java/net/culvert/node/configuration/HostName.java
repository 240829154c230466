package net.culvert.node.configuration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.culvert.api.value.ResourceName;

/** The host's name, without a resolver: asking one can take seconds where there is no network. */
public final class HostName {

  private static final Path UTS = Path.of("/proc/sys/kernel/hostname");
  private static final ResourceName UNKNOWN = new ResourceName("node");

  private HostName() {}

  /** What others call this host by: its name as the kernel has it, and that without its domain. */
  public static Set<String> names() {
    try {
      String name = Files.readString(UTS).strip();
      return name.isEmpty() ? Set.of() : new TreeSet<>(List.of(name, name.split("\\.", 2)[0]));
    } catch (IOException e) {
      return Set.of();
    }
  }

  static ResourceName current() {
    try {
      return nameFrom(Files.readString(UTS).strip());
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  /** The name as it is, or its first label where the whole is no name of ours. */
  static ResourceName nameFrom(String hostName) {
    for (String candidate : new String[] {hostName, hostName.split("\\.", 2)[0]}) {
      try {
        return new ResourceName(candidate);
      } catch (IllegalArgumentException e) {
        // The next candidate is shorter.
      }
    }
    return UNKNOWN;
  }
}
