package net.culvert.node.forwarding;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.culvert.api.value.Family;
import net.culvert.api.value.IpAddress;
import net.culvert.api.value.Prefix;
import org.jspecify.annotations.Nullable;

/**
 * Who owns an address: longest prefix match over IPv4 and IPv6.
 *
 * <p>An immutable snapshot that any number of threads read without locks; a lookup allocates
 * nothing. A change is a new table, published by whoever holds the reference.
 *
 * @param <V> the owner
 */
public final class AllowedPrefixTable<V> {

  private final RangeTable ipv4;
  private final RangeTable ipv6;
  private final List<V> owners;
  private final int prefixes;

  private AllowedPrefixTable(RangeTable ipv4, RangeTable ipv6, List<V> owners, int prefixes) {
    this.ipv4 = ipv4;
    this.ipv6 = ipv6;
    this.owners = owners;
    this.prefixes = prefixes;
  }

  /** A table in which nobody owns anything. */
  public static <V> AllowedPrefixTable<V> empty() {
    return new Builder<V>().build();
  }

  /** The owner of an IPv4 address given as 32 bits. */
  public @Nullable V findIpv4(long address) {
    return owner(ipv4.find(address << 32));
  }

  /** The owner of an IPv6 address given as its two halves. */
  public @Nullable V findIpv6(long high, long low) {
    return owner(ipv6.find(high, low));
  }

  /** The owner of an address in the form of {@link IpAddress}: two halves, IPv4 in the lower. */
  public @Nullable V find(Family family, long high, long low) {
    return family == Family.IPV4 ? findIpv4(low) : findIpv6(high, low);
  }

  public @Nullable V find(IpAddress address) {
    return find(address.family(), address.high(), address.low());
  }

  private @Nullable V owner(int index) {
    return index == RangeTable.NOBODY ? null : owners.get(index);
  }

  /** Number of prefixes in the table. */
  public int prefixCount() {
    return prefixes;
  }

  /** Gathers prefixes for a table. A prefix given twice belongs to whom it was given last. */
  public static final class Builder<V> {

    private final RangeTable.Builder ipv4 = new RangeTable.Builder();
    private final RangeTable.Builder ipv6 = new RangeTable.Builder();
    private final List<V> owners = new ArrayList<>();
    private final Map<V, Integer> indices = new HashMap<>();

    public Builder<V> add(Prefix prefix, V owner) {
      int index =
          indices.computeIfAbsent(
              owner,
              added -> {
                owners.add(added);
                return owners.size() - 1;
              });
      IpAddress address = prefix.address();
      if (prefix.family() == Family.IPV4) {
        ipv4.add(address.low() << 32, 0, prefix.length(), index);
      } else {
        ipv6.add(address.high(), address.low(), prefix.length(), index);
      }
      return this;
    }

    public AllowedPrefixTable<V> build() {
      RangeTable v4 = ipv4.build();
      RangeTable v6 = ipv6.build();
      return new AllowedPrefixTable<>(
          v4, v6, List.copyOf(owners), ipv4.distinct() + ipv6.distinct());
    }
  }
}
