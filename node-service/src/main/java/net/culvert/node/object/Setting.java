package net.culvert.node.object;

/** A switch of the kernel's IP configuration, of one link or of all. */
public enum Setting {
  /** {@code net.ipv4.conf.LINK.forwarding}. */
  IPV4_FORWARDING("IPv4 forwarding", "forwarding"),
  /** {@code net.ipv4.conf.LINK.proxy_arp}. */
  IPV4_PROXY_ARP("proxy ARP", "proxyArp"),
  /**
   * {@code net.ipv6.conf.LINK.force_forwarding}, or where the kernel has none, {@code
   * net.ipv6.conf.all.forwarding}: IPv6 knows no other switch for one link.
   */
  IPV6_FORWARDING("IPv6 forwarding", "forwarding6"),
  /** {@code net.ipv6.conf.LINK.proxy_ndp}. */
  IPV6_PROXY_NDP("proxy NDP", "proxyNdp");

  private final String words;
  private final String field;

  Setting(String words, String field) {
    this.words = words;
    this.field = field;
  }

  /** As it is called in an answer. */
  String field() {
    return field;
  }

  String words() {
    return words;
  }
}
