package net.culvert.node.kernel.abi;

/** Per-device settings of IPv6: positions in the dumped {@code IFLA_INET6_CONF}. */
@Header("linux/ipv6.h")
public final class Ipv6 {

  public static final int DEVCONF_FORWARDING = 0;
  public static final int DEVCONF_ACCEPT_RA = 3;
  public static final int DEVCONF_DISABLE_IPV6 = 26;
  public static final int DEVCONF_ACCEPT_DAD = 27;
  public static final int DEVCONF_PROXY_NDP = 22;

  @Since("6.17")
  public static final int DEVCONF_FORCE_FORWARDING = 59;

  private Ipv6() {}
}
