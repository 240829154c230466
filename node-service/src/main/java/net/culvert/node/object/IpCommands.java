package net.culvert.node.object;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.function.Predicate;
import net.culvert.api.value.Family;
import net.culvert.api.value.Prefix;
import net.culvert.api.value.ResourceName;
import net.culvert.node.reconcile.Description;
import net.culvert.node.reconcile.ObjectKey;
import org.jspecify.annotations.Nullable;

/**
 * Steps as a person would type them, with {@code ip(8)} and {@code sysctl(8)}. What is made so
 * carries the node's mark where iproute2 6.1 can give it, so that the node takes it for its own.
 */
final class IpCommands {

  private static final String PROTOCOL = "proto 199";

  private IpCommands() {}

  /** {@code ip}, in a namespace or in that where it is typed. */
  private static String ip(@Nullable ResourceName namespace) {
    return namespace == null ? "ip" : "ip -n " + namespace;
  }

  static Description namespace(
      NamespaceKey key,
      @Nullable NamespaceState observed,
      @Nullable NamespaceState desired,
      Mark mark) {
    String delete = "ip netns del " + key.name();
    if (desired == null) {
      return new Description("remove " + key + " with all that is in it", List.of(delete));
    }
    String loopback = "ip -n " + key.name() + " link set dev lo";
    String up = desired.loopbackUp() ? " up" : " down";
    if (observed != null && !observed.equals(NamespaceState.LEFTOVER)) {
      return new Description("set lo" + up + " in " + key, List.of(loopback + up));
    }
    List<String> commands = new ArrayList<>();
    if (observed != null) {
      commands.add(delete);
    }
    commands.add("ip netns add " + key.name());
    commands.add(loopback + " alias " + mark.alias() + up);
    return new Description("make " + key + " and set lo" + up + " in it", commands);
  }

  static Description link(
      LinkKey key,
      @Nullable LinkState observed,
      @Nullable LinkState desired,
      Mark mark,
      Predicate<ObjectKey> made) {
    String ip = ip(key.namespace());
    String delete = ip + " link del dev " + key.name();
    if (desired == null) {
      return observed != null && observed.kind().equals(LinkState.TUN)
          ? new Description(key + " goes with its tunnel", List.of())
          : new Description("remove " + key, List.of(delete));
    }
    String set = ip + " link set dev " + key.name();
    if (observed != null && sameKind(observed, desired)) {
      String change = changes(observed, desired, mark);
      return new Description("set " + key + ":" + change, List.of(set + change));
    }
    List<String> commands = new ArrayList<>();
    if (observed != null) {
      commands.add(delete);
    }
    String setAll =
        set
            + (desired.kind().equals(LinkState.TUN) ? "" : " alias " + mark.alias())
            + (desired.mtu() == null ? "" : " mtu " + desired.mtu())
            + (desired.master() == null ? "" : " master " + desired.master())
            + (desired.up() ? " up" : "");
    LinkKey peer = desired.peer();
    if (desired.kind().equals(LinkState.TUN)) {
      commands.add(setAll);
      return new Description("set the device " + key + " of the tunnel" + mtu(desired), commands);
    }
    if (peer != null && made.test(peer)) {
      commands.add(setAll);
      return new Description("set " + key + ", the other end of " + peer, commands);
    }
    commands.add(add(key, desired));
    commands.add(setAll);
    String other = peer == null ? "" : " with its other end, " + peer;
    return new Description(
        "make " + key + ", a " + desired.kind() + other + mtu(desired), commands);
  }

  private static String mtu(LinkState state) {
    return state.mtu() == null ? "" : ", MTU " + state.mtu() + " bytes";
  }

  static boolean sameKind(LinkState observed, LinkState desired) {
    return observed.kind().equals(desired.kind())
        && Objects.equals(observed.mode(), desired.mode());
  }

  private static String changes(LinkState observed, LinkState desired, Mark mark) {
    StringBuilder words = new StringBuilder();
    if (observed.unfinished()) {
      words.append(" alias ").append(mark.alias());
    }
    if (desired.mtu() != null && !desired.mtu().equals(observed.mtu())) {
      words.append(" mtu ").append(desired.mtu());
    }
    if (!Objects.equals(observed.master(), desired.master())) {
      words.append(desired.master() == null ? " nomaster" : " master " + desired.master());
    }
    if (observed.up() != desired.up()) {
      words.append(desired.up() ? " up" : " down");
    }
    return words.toString();
  }

  private static String add(LinkKey key, LinkState desired) {
    LinkKey peer = desired.peer();
    if (peer != null) {
      // Typed where the node runs, from where every named namespace can be reached.
      boolean turned = peer.namespace() == null && key.namespace() != null;
      LinkKey near = turned ? peer : key;
      LinkKey far = turned ? key : peer;
      String beyond =
          Objects.equals(near.namespace(), far.namespace()) ? "" : " netns " + far.namespace();
      return ip(near.namespace())
          + " link add dev "
          + near.name()
          + " type veth peer name "
          + far.name()
          + beyond;
    }
    if (desired.parent() != null) {
      return "ip link add dev "
          + key.name()
          + " link "
          + desired.parent()
          + (key.namespace() == null ? "" : " netns " + key.namespace())
          + " type "
          + desired.kind()
          + " mode "
          + desired.mode();
    }
    return ip(key.namespace()) + " link add dev " + key.name() + " type " + desired.kind();
  }

  static Description address(AddressKey key, boolean add) {
    LinkKey link = key.link();
    boolean ipv6 = key.address().family() == Family.IPV6;
    String command =
        ip(link.namespace())
            + (add ? " addr add " : " addr del ")
            + key.address()
            + " dev "
            + link.name()
            // Else it could not be used for the second that the kernel looks for duplicates.
            + (add && ipv6 ? " nodad" : "");
    return new Description((add ? "give " : "take ") + words(key, add), List.of(command));
  }

  private static String words(AddressKey key, boolean add) {
    return add
        ? key.link() + " the address " + key.address()
        : "the address " + key.address() + " from " + key.link();
  }

  static Description neighbour(NeighbourKey key, @Nullable NeighbourState desired) {
    LinkKey link = key.link();
    String ip = ip(link.namespace());
    String what = (key.proxy() ? "proxy " : "") + key.address();
    String where = " dev " + link.name();
    if (desired == null) {
      return new Description("remove " + key, List.of(ip + " neigh del " + what + where));
    }
    String lladdr = desired.linkAddress();
    String is = lladdr == null ? "" : " lladdr " + lladdr + " nud permanent";
    return new Description(
        "fix " + key + (lladdr == null ? "" : " at " + lladdr),
        List.of(ip + " neigh replace " + what + is + where + " " + PROTOCOL));
  }

  static Description route(
      RouteKey key, @Nullable RouteState observed, @Nullable RouteState desired) {
    Prefix destination = key.destination();
    boolean ipv6 = destination.family() == Family.IPV6;
    String ip = ip(key.namespace()) + (ipv6 ? " -6" : "");
    String metric = key.metric() == (ipv6 ? 1024 : 0) ? "" : " metric " + key.metric();
    String where =
        destination.equals(Prefix.IPV4_DEFAULT) || destination.equals(Prefix.IPV6_DEFAULT)
            ? "default"
            : destination.toString();
    if (desired == null) {
      return new Description(
          "remove " + key, List.of(ip + " route del " + where + metric + " " + PROTOCOL));
    }
    StringJoiner way = new StringJoiner(" ");
    if (desired.via() != null) {
      way.add("via " + desired.via());
    }
    if (desired.link() != null) {
      way.add("dev " + desired.link());
    }
    String mtu = desired.mtu() == null ? "" : " mtu " + desired.mtu();
    String verb = observed == null ? " route add " : " route replace ";
    return new Description(
        (observed == null ? "make " : "change ") + key + ": " + way,
        List.of(ip + verb + where + " " + way + metric + mtu + " " + PROTOCOL));
  }

  /**
   * @param forceForwarding whether the kernel can forward IPv6 by link
   */
  static Description setting(SettingKey key, boolean on, boolean forceForwarding) {
    LinkKey link = key.link();
    String run = link.namespace() == null ? "" : "ip netns exec " + link.namespace() + " ";
    String ipv4 = run + "sysctl -w net/ipv4/conf/" + link.name() + "/";
    String ipv6 = run + "sysctl -w net/ipv6/conf/" + link.name() + "/";
    String value = on ? "=1" : "=0";
    List<String> commands =
        switch (key.setting()) {
          case IPV4_FORWARDING -> List.of(ipv4 + "forwarding" + value);
          case IPV4_PROXY_ARP -> List.of(ipv4 + "proxy_arp" + value);
          case IPV6_PROXY_NDP -> List.of(ipv6 + "forwarding" + value, ipv6 + "proxy_ndp" + value);
          case IPV6_FORWARDING ->
              forceForwarding
                  ? List.of(ipv6 + "force_forwarding" + value)
                  : on ? List.of(run + "sysctl -w net/ipv6/conf/all/forwarding=1") : List.of();
        };
    return new Description("switch " + key + (on ? " on" : " off"), commands);
  }
}
