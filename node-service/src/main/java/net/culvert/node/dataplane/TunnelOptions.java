package net.culvert.node.dataplane;

import java.util.Set;

/**
 * How a tunnel's data plane works, beside what it is started with.
 *
 * @param disabled offloads that are not to be used although the kernel has them
 * @param clampMss whether the segment size that TCP announces is lowered to what the path takes
 * @param fragments whether a packet that may not be fragmented and does not fit the path to its
 *     peer goes in fragments outside, where its sender is told to send less otherwise
 */
public record TunnelOptions(Set<Offload> disabled, boolean clampMss, boolean fragments) {

  /** Everything that the kernel has; TCP is left alone. */
  public static final TunnelOptions DEFAULT = new TunnelOptions(Set.of(), false, false);

  public TunnelOptions {
    disabled = Set.copyOf(disabled);
  }

  /** Where packets that do not fit are told so. */
  public TunnelOptions(Set<Offload> disabled, boolean clampMss) {
    this(disabled, clampMss, false);
  }
}
