package net.culvert.node.object;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.netns.Sysctl;
import net.culvert.node.kernel.rtnetlink.IpConfiguration;
import net.culvert.node.kernel.rtnetlink.Link;
import net.culvert.node.kernel.rtnetlink.LinkRequest;
import net.culvert.node.kernel.rtnetlink.Rtnetlink;
import net.culvert.node.kernel.sys.KernelException;
import net.culvert.node.reconcile.Description;
import net.culvert.node.reconcile.Kind;
import net.culvert.node.reconcile.ObjectKey;
import net.culvert.node.reconcile.OperationException;
import net.culvert.node.reconcile.Operations;
import org.jspecify.annotations.Nullable;

/**
 * Settings of links that are on. IPv4's are set by netlink, which needs no writable {@code
 * /proc/sys}; IPv6's have no other way than that.
 */
final class SettingOperations implements Operations<SettingKey, SettingState> {

  private static final String ALL_FORWARDING = "ipv6/conf/all/forwarding";

  /** Of Linux 6.17: IPv6 can be forwarded by link. */
  private static final Path BY_LINK = Path.of("/proc/sys/net/ipv6/conf/all/force_forwarding");

  private final Namespaces namespaces;
  private final LinkTable links;
  private final Mark mark;
  private final Sysctl sysctl;

  /** Links that forward IPv6 by the switch for all, since the kernel has none for one. */
  private final Set<SettingKey> byAll = new HashSet<>();

  SettingOperations(Namespaces namespaces, LinkTable links, Mark mark, Sysctl sysctl) {
    this.namespaces = namespaces;
    this.links = links;
    this.mark = mark;
    this.sysctl = sysctl;
  }

  @Override
  public Kind kind() {
    return Kinds.SETTING;
  }

  /** A switch that is on does not tell who turned it. */
  @Override
  public boolean isMarked() {
    return false;
  }

  @Override
  public void beginLook() {
    links.forgetAll();
  }

  @Override
  public Map<SettingKey, SettingState> observe() {
    return Map.of();
  }

  @Override
  public Map<SettingKey, SettingState> observe(Collection<SettingKey> keys)
      throws OperationException {
    Map<SettingKey, SettingState> observed = new HashMap<>();
    Map<LinkKey, List<SettingKey>> groups =
        keys.stream().collect(Collectors.groupingBy(SettingKey::link));
    for (Map.Entry<LinkKey, List<SettingKey>> group : groups.entrySet()) {
      LinkKey key = group.getKey();
      try {
        Optional<Namespaces.Entered> entered = namespaces.find(key.namespace());
        Optional<Link> link = entered.flatMap(found -> seen(found, key, groups));
        if (link.isEmpty()) {
          group.getValue().forEach(byAll::remove);
          continue;
        }
        for (SettingKey setting : group.getValue()) {
          if (isOn(setting, link.get(), entered.get())) {
            observed.put(setting, SettingState.ON);
          }
        }
      } catch (KernelException e) {
        throw Refused.by(key, e);
      }
    }
    return observed;
  }

  /** The first of many reads them all. */
  private Optional<Link> seen(
      Namespaces.Entered entered, LinkKey key, Map<LinkKey, List<SettingKey>> groups) {
    if (groups.size() > LinkTable.MAX_ASKED_BY_NAME) {
      var _ = links.all(entered);
    }
    return links.seen(entered, key.name().value());
  }

  private boolean isOn(SettingKey key, Link link, Namespaces.Entered entered) {
    IpConfiguration is = link.configuration();
    return switch (key.setting()) {
      case IPV4_FORWARDING -> Boolean.TRUE.equals(is.ipv4Forwarding());
      case IPV4_PROXY_ARP -> Boolean.TRUE.equals(is.ipv4ProxyArp());
      case IPV6_PROXY_NDP ->
          Boolean.TRUE.equals(is.ipv6ProxyNdp()) && Boolean.TRUE.equals(is.ipv6Forwarding());
      case IPV6_FORWARDING ->
          is.ipv6ForceForwarding() == null
              ? byAll.contains(key) && sysctl.read(entered.namespace(), ALL_FORWARDING) == 1
              : is.ipv6ForceForwarding();
    };
  }

  @Override
  public void create(SettingKey key, SettingState desired) throws OperationException {
    set(key, true);
  }

  @Override
  public void replace(SettingKey key, SettingState observed, SettingState desired)
      throws OperationException {
    set(key, desired.on());
  }

  @Override
  public void delete(SettingKey key, SettingState observed) throws OperationException {
    set(key, false);
  }

  private void set(SettingKey key, boolean on) throws OperationException {
    LinkKey linkKey = key.link();
    try {
      Optional<Namespaces.Entered> entered = namespaces.find(linkKey.namespace());
      boolean done =
          entered.isPresent()
              && links.write(
                  entered.get(), linkKey.name().value(), link -> set(key, entered.get(), link, on));
      if (!done && on) {
        throw Refused.missing(key, linkKey);
      }
      if (!done) {
        byAll.remove(key);
      }
    } catch (KernelException e) {
      if (on || e.errno() != Errno.ENOENT) {
        throw Refused.by(key, e);
      }
    }
  }

  private void set(SettingKey key, Namespaces.Entered entered, Link link, boolean on) {
    Rtnetlink rtnetlink = entered.rtnetlink();
    String name = "ipv6/conf/" + link.name() + "/";
    switch (key.setting()) {
      case IPV4_FORWARDING ->
          rtnetlink.execute(LinkRequest.change(link).ipv4Forwarding(on).build());
      case IPV4_PROXY_ARP -> rtnetlink.execute(LinkRequest.change(link).ipv4ProxyArp(on).build());
      case IPV6_PROXY_NDP -> {
        // The kernel answers for others only on a link that is a router's itself, whatever forces
        // packets through.
        sysctl.write(entered.namespace(), name + "forwarding", bit(on));
        sysctl.write(entered.namespace(), name + "proxy_ndp", bit(on));
      }
      case IPV6_FORWARDING -> {
        if (link.configuration().ipv6ForceForwarding() != null) {
          sysctl.write(entered.namespace(), name + "force_forwarding", bit(on));
        } else {
          setForAll(key, entered, on);
        }
      }
    }
  }

  /**
   * The one switch that there is also stops the kernel from heeding router advertisements, which
   * may be where the host's own default route comes from: links that do heed them are told to go
   * on. Once on it stays, since others may lean on it.
   */
  private void setForAll(SettingKey key, Namespaces.Entered entered, boolean on) {
    if (!on) {
      byAll.remove(key);
      return;
    }
    for (Link link : entered.rtnetlink().links()) {
      Integer accept = link.configuration().ipv6AcceptRa();
      if (accept != null && accept == 1 && !mark.isOn(link)) {
        sysctl.write(entered.namespace(), "ipv6/conf/" + link.name() + "/accept_ra", 2);
      }
    }
    if (sysctl.read(entered.namespace(), ALL_FORWARDING) != 1) {
      sysctl.write(entered.namespace(), ALL_FORWARDING, 1);
    }
    byAll.add(key);
  }

  private static int bit(boolean on) {
    return on ? 1 : 0;
  }

  @Override
  public Description describe(
      SettingKey key,
      @Nullable SettingState observed,
      @Nullable SettingState desired,
      Predicate<ObjectKey> made) {
    return IpCommands.setting(key, desired != null && desired.on(), Files.exists(BY_LINK));
  }
}
