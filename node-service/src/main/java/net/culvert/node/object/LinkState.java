package net.culvert.node.object;

import net.culvert.api.value.LinkName;
import org.jspecify.annotations.Nullable;

/**
 * A network device.
 *
 * @param kind as {@code ip link add type} names it
 * @param mtu bytes; null in a wish that leaves it to the kernel
 * @param master the bridge that the link is a port of
 * @param peer a veth's other end
 * @param parent the device that a macvlan stands on
 * @param mode a macvlan's mode; null where the kind has none
 * @param index the interface index; 0 in a wish
 * @param unfinished whether its making was cut short before it had the mark
 */
public record LinkState(
    String kind,
    @Nullable Integer mtu,
    boolean up,
    @Nullable LinkName master,
    @Nullable LinkKey peer,
    @Nullable LinkName parent,
    @Nullable String mode,
    int index,
    boolean unfinished) {

  /** One that has the mark, or is to have it. */
  public LinkState(
      String kind,
      @Nullable Integer mtu,
      boolean up,
      @Nullable LinkName master,
      @Nullable LinkKey peer,
      @Nullable LinkName parent,
      @Nullable String mode,
      int index) {
    this(kind, mtu, up, master, peer, parent, mode, index, false);
  }

  public static final String VETH = "veth";
  public static final String BRIDGE = "bridge";
  public static final String MACVLAN = "macvlan";
  public static final String TUN = "tun";

  /** One end of a veth pair, as wished. */
  public static LinkState veth(
      @Nullable Integer mtu, boolean up, @Nullable LinkName master, LinkKey peer) {
    return new LinkState(VETH, mtu, up, master, peer, null, null, 0);
  }

  /** A tunnel's device, as wished. */
  public static LinkState tun(@Nullable Integer mtu, boolean up) {
    return new LinkState(TUN, mtu, up, null, null, null, null, 0);
  }
}
