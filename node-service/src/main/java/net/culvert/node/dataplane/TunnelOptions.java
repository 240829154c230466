package net.culvert.node.dataplane;

import java.util.Set;

/**
 * How a tunnel's data plane works, beside what it is started with.
 *
 * @param disabled offloads that are not to be used although the kernel has them
 * @param clampMss whether the segment size that TCP announces is lowered to what the path takes
 */
public record TunnelOptions(Set<Offload> disabled, boolean clampMss) {

  /** Everything that the kernel has; TCP is left alone. */
  public static final TunnelOptions DEFAULT = new TunnelOptions(Set.of(), false);

  public TunnelOptions {
    disabled = Set.copyOf(disabled);
  }
}
