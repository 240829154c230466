package net.culvert.node.reconcile;

import java.util.List;

/**
 * A change of the kernel as a person would tell it and do it.
 *
 * @param words a sentence without its full stop
 * @param commands of {@code ip(8)} and {@code sysctl(8)}, in order; none where only the node can do
 *     it
 */
public record Description(String words, List<String> commands) {

  public Description {
    commands = List.copyOf(commands);
  }
}
