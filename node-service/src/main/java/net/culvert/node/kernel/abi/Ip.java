package net.culvert.node.kernel.abi;

/**
 * Per-device settings of IPv4: positions in {@code IFLA_INET_CONF}, which count from 1 where the
 * dumped array counts from 0.
 */
@Header("linux/ip.h")
public final class Ip {

  public static final int IPV4_DEVCONF_FORWARDING = 1;
  public static final int IPV4_DEVCONF_PROXY_ARP = 3;
  public static final int IPV4_DEVCONF_RP_FILTER = 8;
  public static final int IPV4_DEVCONF_ARP_NOTIFY = 22;

  private Ip() {}
}
