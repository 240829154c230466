package net.culvert.node.firewall;

import java.util.Collection;
import java.util.List;

/** One packet filter of the kernel, through the program that speaks with it. */
interface PacketFilter {

  /** As its program is called. */
  String name();

  /** The tables that filter packets; none where nobody uses this filter. */
  List<Table> tables() throws FirewallException, InterruptedException;

  /** What an administrator would type to let packets to and from a device pass. */
  String ruleFor(Table table, Chain base, String device);

  /**
   * Lets packets pass from each of the devices to each other, before the rules of some chains.
   *
   * @param bases chains that forwarded packets come to; one that has our rules and is not among
   *     them loses them
   */
  void allow(Table table, List<Chain> bases, Collection<String> devices, OwnRules own)
      throws FirewallException, InterruptedException;

  /** Removes what {@link #allow} made in a table; nothing there is a success. */
  void remove(Table table, OwnRules own) throws FirewallException, InterruptedException;
}
