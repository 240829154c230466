package net.culvert.node.object;

import java.util.OptionalInt;
import net.culvert.api.value.IpAddress;
import org.jspecify.annotations.Nullable;

/** What the host is like, beside everything that is wished of it. Any thread may ask. */
public interface HostFacts {

  /**
   * MTU in bytes of the way to an address: that of the route if it has one, else of its link.
   *
   * @param destination null for wherever the default route leads
   * @return empty where there is no such way
   */
  OptionalInt egressMtu(@Nullable IpAddress destination);

  /** Whether the kernel has such a link, whoever made it. */
  boolean linkExists(LinkKey link);
}
