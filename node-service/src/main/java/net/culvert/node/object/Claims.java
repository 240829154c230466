package net.culvert.node.object;

import net.culvert.api.value.InterfaceAddress;
import net.culvert.api.value.IpAddress;
import net.culvert.api.value.ListenAddress;
import net.culvert.api.value.Prefix;
import net.culvert.api.value.ResourceName;
import net.culvert.node.reconcile.Expansion;
import org.jspecify.annotations.Nullable;

/**
 * Values that no two resources may hold: what the kernel would accept twice and then serve only one
 * of.
 */
public final class Claims {

  private record AddressClaim(@Nullable ResourceName namespace, IpAddress address) {}

  private record PrefixClaim(@Nullable ResourceName namespace, Prefix prefix) {}

  private record SegmentClaim(LinkKey bridge, IpAddress address) {}

  private record ListenClaim(ListenAddress listen) {}

  private record AllowedPrefixClaim(Object tunnel, Prefix prefix) {}

  private Claims() {}

  /** An address of a link, and the prefix that it puts on that link. */
  public static void address(Expansion.Builder expansion, LinkKey link, InterfaceAddress address) {
    expansion.claim(
        new AddressClaim(link.namespace(), address.address()), "address " + address.address());
    if (address.length() < address.family().bits()) {
      expansion.claim(
          new PrefixClaim(link.namespace(), address.prefix()), "prefix " + address.prefix());
    }
  }

  /** A route's destination; routes with a metric of their own may share one. */
  public static void destination(
      Expansion.Builder expansion, @Nullable ResourceName namespace, Prefix destination) {
    expansion.claim(new PrefixClaim(namespace, destination), "prefix " + destination);
  }

  /** An address of one of the hosts behind a bridge. */
  public static void onBridge(Expansion.Builder expansion, LinkKey bridge, IpAddress address) {
    expansion.claim(new SegmentClaim(bridge, address), "address " + address + " on " + bridge);
  }

  /** A UDP address and port. */
  public static void listen(Expansion.Builder expansion, ListenAddress listen) {
    expansion.claim(new ListenClaim(listen), "listen address " + listen);
  }

  /** A prefix that belongs to one peer of a tunnel. */
  public static void allowedPrefix(Expansion.Builder expansion, Object tunnel, Prefix prefix) {
    expansion.claim(
        new AllowedPrefixClaim(tunnel, prefix), "prefix " + prefix + " of tunnel " + tunnel);
  }
}
