package net.culvert.node.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import net.culvert.api.value.Family;
import net.culvert.api.value.IpAddress;
import net.culvert.api.value.Prefix;
import net.culvert.node.testing.TestSize;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class AllowedPrefixTableTest {

  private final AllowedPrefixTable.Builder<String> builder = new AllowedPrefixTable.Builder<>();

  private void add(String prefix, String owner) {
    builder.add(Prefix.parse(prefix), owner);
  }

  private static @Nullable String find(AllowedPrefixTable<String> table, String address) {
    return table.find(IpAddress.parse(address));
  }

  @Test
  void anEmptyTableOwnsNothing() {
    AllowedPrefixTable<String> table = AllowedPrefixTable.empty();
    assertThat(find(table, "0.0.0.0")).isNull();
    assertThat(find(table, "255.255.255.255")).isNull();
    assertThat(find(table, "::")).isNull();
    assertThat(table.prefixCount()).isZero();
  }

  @Test
  void theLongestPrefixWinsAndItsEndsAreExact() {
    add("10.0.0.0/8", "wide");
    add("10.1.0.0/16", "narrow");
    add("10.1.2.3/32", "host");
    AllowedPrefixTable<String> table = builder.build();
    assertThat(find(table, "9.255.255.255")).isNull();
    assertThat(find(table, "10.0.0.0")).isEqualTo("wide");
    assertThat(find(table, "10.0.255.255")).isEqualTo("wide");
    assertThat(find(table, "10.1.0.0")).isEqualTo("narrow");
    assertThat(find(table, "10.1.2.2")).isEqualTo("narrow");
    assertThat(find(table, "10.1.2.3")).isEqualTo("host");
    assertThat(find(table, "10.1.2.4")).isEqualTo("narrow");
    assertThat(find(table, "10.2.0.0")).isEqualTo("wide");
    assertThat(find(table, "11.0.0.0")).isNull();
    assertThat(table.prefixCount()).isEqualTo(3);
  }

  @Test
  void aDefaultPrefixOwnsTheRestOfItsFamilyOnly() {
    add("0.0.0.0/0", "everything");
    add("255.255.255.255/32", "last");
    AllowedPrefixTable<String> table = builder.build();
    assertThat(find(table, "0.0.0.0")).isEqualTo("everything");
    assertThat(find(table, "255.255.255.254")).isEqualTo("everything");
    assertThat(find(table, "255.255.255.255")).isEqualTo("last");
    assertThat(find(table, "::")).isNull();
  }

  @Test
  void ipv6PrefixesOfEveryLengthAreFound() {
    add("::/0", "all");
    add("fd00::/8", "ula");
    add("fd00:0:0:1::/64", "net");
    add("fd00:0:0:1::5/128", "host");
    add("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128", "last");
    AllowedPrefixTable<String> table = builder.build();
    assertThat(find(table, "2001:db8::1")).isEqualTo("all");
    assertThat(find(table, "fd12::1")).isEqualTo("ula");
    assertThat(find(table, "fd00:0:0:1::4")).isEqualTo("net");
    assertThat(find(table, "fd00:0:0:1::5")).isEqualTo("host");
    assertThat(find(table, "fd00:0:0:1:ffff:ffff:ffff:ffff")).isEqualTo("net");
    assertThat(find(table, "fd00:0:0:2::")).isEqualTo("ula");
    assertThat(find(table, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")).isEqualTo("last");
  }

  @Test
  void aPrefixGivenTwiceBelongsToTheLast() {
    add("10.1.0.0/16", "first");
    add("10.1.0.0/16", "second");
    AllowedPrefixTable<String> table = builder.build();
    assertThat(find(table, "10.1.2.3")).isEqualTo("second");
    assertThat(table.prefixCount()).isEqualTo(1);
  }

  @Test
  void randomTablesAgreeWithANaiveModel() {
    long seed = TestSize.seed(AllowedPrefixTableTest.class);
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      Map<Prefix, Integer> model = new LinkedHashMap<>();
      AllowedPrefixTable.Builder<Integer> table = new AllowedPrefixTable.Builder<>();
      int size = random.nextInt(120);
      boolean clustered = random.nextBoolean();
      for (int i = 0; i < size; i++) {
        Prefix prefix = prefix(random, clustered);
        int owner = random.nextInt(10);
        model.put(prefix, owner);
        table.add(prefix, owner);
      }
      AllowedPrefixTable<Integer> built = table.build();
      assertThat(built.prefixCount()).isEqualTo(model.size());
      for (int i = 0; i < 400; i++) {
        IpAddress address = probe(random, model, clustered);
        assertThat(built.find(address))
            .as("%s in %s, seed %d", address, model, seed)
            .isEqualTo(naive(model, address));
      }
    }
  }

  private static @Nullable Integer naive(Map<Prefix, Integer> model, IpAddress address) {
    Integer owner = null;
    int longest = -1;
    for (Map.Entry<Prefix, Integer> entry : model.entrySet()) {
      if (entry.getKey().contains(address) && entry.getKey().length() > longest) {
        longest = entry.getKey().length();
        owner = entry.getValue();
      }
    }
    return owner;
  }

  private static Prefix prefix(Random random, boolean clustered) {
    IpAddress address = address(random, clustered);
    int bits = address.family().bits();
    int length = random.nextInt(4) == 0 ? bits : random.nextInt(bits + 1);
    Prefix prefix = containing(address, length);
    return prefix == null ? Prefix.IPV6_DEFAULT : prefix;
  }

  /** Null for the prefixes of IPv4-mapped addresses, which are no values. */
  private static @Nullable Prefix containing(IpAddress address, int length) {
    try {
      return Prefix.containing(address, length);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static IpAddress address(Random random, boolean clustered) {
    if (random.nextBoolean()) {
      long bits = random.nextInt() & 0xffff_ffffL;
      return new IpAddress(Family.IPV4, 0, clustered ? 0x0a000000L | bits & 0x00ff_03ffL : bits);
    }
    long high = clustered ? 0xfd00_0000_0000_0000L | random.nextInt(4) : random.nextLong();
    long low = clustered ? random.nextInt(64) : random.nextLong();
    return new IpAddress(Family.IPV6, high, low);
  }

  /** Any address, and often the first, last or neighbouring ones of a prefix of the model. */
  private static IpAddress probe(Random random, Map<Prefix, Integer> model, boolean clustered) {
    if (model.isEmpty() || random.nextInt(3) == 0) {
      return address(random, clustered);
    }
    Prefix near = model.keySet().stream().skip(random.nextInt(model.size())).findFirst().get();
    IpAddress first = near.address();
    long low = first.low() + random.nextInt(3) - 1;
    int host = near.family().bits() - near.length();
    if (random.nextBoolean() && host > 0 && host < 63) {
      low += 1L << host;
    }
    return near.family() == Family.IPV4
        ? new IpAddress(Family.IPV4, 0, low & 0xffff_ffffL)
        : new IpAddress(Family.IPV6, first.high(), low >>> 32 == 0xffff ? low << 1 : low);
  }

  @Test
  @Timeout(60)
  void aMillionPrefixesAreBuiltAndFound() {
    AllowedPrefixTable.Builder<Integer> big = new AllowedPrefixTable.Builder<>();
    int count = 1_000_000;
    for (int i = 0; i < count; i++) {
      long net = 0x0a00_0000L + ((long) i << 8);
      big.add(new Prefix(new IpAddress(Family.IPV4, 0, net & 0xffff_ffffL), 24), i);
    }
    AllowedPrefixTable<Integer> table = big.build();
    assertThat(table.prefixCount()).isEqualTo(count);
    for (int i = 0; i < count; i += 997) {
      assertThat(table.findIpv4((0x0a00_0000L + ((long) i << 8) + 77) & 0xffff_ffffL)).isEqualTo(i);
    }
  }
}
