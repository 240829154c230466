package net.culvert.node.configuration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.culvert.api.value.ResourceName;

/** The host's name, without a resolver: asking one can take seconds where there is no network. */
final class HostName {

  private static final Path UTS = Path.of("/proc/sys/kernel/hostname");
  private static final ResourceName UNKNOWN = new ResourceName("node");

  private HostName() {}

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
