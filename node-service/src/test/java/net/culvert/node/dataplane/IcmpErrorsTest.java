package net.culvert.node.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import net.culvert.node.packet.IpHeader;
import net.culvert.node.packet.TestPackets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IcmpErrorsTest {

  private static final long NOW = 5_000_000_000L;

  private final Arena arena = Arena.ofConfined();
  private final IcmpErrors errors = new IcmpErrors(arena);
  private final IpHeader header = new IpHeader();

  @AfterEach
  void close() {
    arena.close();
  }

  private interface Maker {
    int make(IpHeader header, MemorySegment packet);
  }

  private byte[] error(byte[] packet, Maker maker) {
    MemorySegment memory = arena.allocate(packet.length);
    MemorySegment.copy(packet, 0, memory, ValueLayout.JAVA_BYTE, 0, packet.length);
    assertThat(header.parse(memory, 0, packet.length)).isTrue();
    int length = maker.make(header, memory);
    byte[] bytes = new byte[length];
    MemorySegment.copy(errors.memory(), ValueLayout.JAVA_BYTE, IcmpErrors.OFFSET, bytes, 0, length);
    return bytes;
  }

  private byte[] noPeer(byte[] packet) {
    return error(packet, (h, memory) -> errors.noPeer(h, memory, 0, NOW));
  }

  /** The error as a person would write it down from the RFCs. */
  private static byte[] expected(
      String from, String to, int type, int code, int info, byte[] quoted) {
    boolean ipv4 = from.indexOf(':') < 0;
    ByteBuffer icmp = ByteBuffer.allocate(8 + quoted.length);
    icmp.put((byte) type).put((byte) code).putShort((short) 0).putInt(info).put(quoted);
    int start = ipv4 ? 0 : TestPackets.pseudo(from, to, 58, icmp.capacity());
    icmp.putShort(2, (short) TestPackets.checksum(icmp.array(), 0, icmp.capacity(), start));
    byte[] packet = TestPackets.ip(from, to, ipv4 ? 1 : 58, icmp.array());
    if (ipv4) {
      ByteBuffer buffer = ByteBuffer.wrap(packet);
      buffer.put(1, (byte) 0xc0).putShort(4, (short) 0).putShort(10, (short) 0);
      buffer.putShort(10, (short) TestPackets.checksum(packet, 0, 20, 0));
    }
    return packet;
  }

  @Test
  void noPeerIsNetworkUnreachable() {
    byte[] ping = TestPackets.echo("10.1.1.2", "10.9.9.9", true, 1, 1, 56);
    assertThat(noPeer(ping)).isEqualTo(expected("10.9.9.9", "10.1.1.2", 3, 0, 0, ping));
    byte[] ping6 = TestPackets.echo("fd00:1::2", "fd00:9::9", true, 1, 1, 56);
    assertThat(noPeer(ping6)).isEqualTo(expected("fd00:9::9", "fd00:1::2", 1, 0, 0, ping6));
  }

  @Test
  void noEndpointIsHostUnreachable() {
    byte[] ping = TestPackets.echo("10.1.1.2", "10.1.2.2", true, 1, 1, 56);
    assertThat(error(ping, (h, m) -> errors.noEndpoint(h, m, 0, NOW)))
        .isEqualTo(expected("10.1.2.2", "10.1.1.2", 3, 1, 0, ping));
    byte[] ping6 = TestPackets.echo("fd00:1::2", "fd00:2::2", true, 1, 1, 56);
    assertThat(error(ping6, (h, m) -> errors.noEndpoint(h, m, 0, NOW)))
        .isEqualTo(expected("fd00:2::2", "fd00:1::2", 1, 3, 0, ping6));
  }

  @Test
  void tooBigTellsTheMtuAndQuotesAsMuchAsAllowed() {
    byte[] big = TestPackets.udp("10.1.1.2", 1, "10.1.2.2", 2, new byte[1800]);
    assertThat(error(big, (h, m) -> errors.tooBig(h, m, 0, 1472, NOW)))
        .hasSize(576)
        .isEqualTo(
            expected("10.1.2.2", "10.1.1.2", 3, 4, 1472, TestPackets.slice(big, 0, 576 - 28)));
    byte[] big6 = TestPackets.udp("fd00:1::2", 1, "fd00:2::2", 2, new byte[1800]);
    assertThat(error(big6, (h, m) -> errors.tooBig(h, m, 0, 1472, NOW)))
        .hasSize(1280)
        .isEqualTo(
            expected("fd00:2::2", "fd00:1::2", 2, 0, 1472, TestPackets.slice(big6, 0, 1280 - 48)));
  }

  @Test
  void ipv6IsNeverToldAnMtuBelow1280() {
    byte[] big = TestPackets.udp("fd00:1::2", 1, "fd00:2::2", 2, new byte[1300]);
    byte[] error = error(big, (h, m) -> errors.tooBig(h, m, 0, 1252, NOW));
    assertThat(ByteBuffer.wrap(error).getInt(44)).isEqualTo(1280);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5, 11, 12})
  void nothingIsSaidAboutAnIcmpError(int type) {
    byte[] icmp = new byte[36];
    icmp[0] = (byte) type;
    assertThat(noPeer(TestPackets.ip("10.1.1.2", "10.9.9.9", 1, icmp))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 100, 127, 137})
  void nothingIsSaidAboutAnIcmpv6Error(int type) {
    byte[] icmp = new byte[56];
    icmp[0] = (byte) type;
    assertThat(noPeer(TestPackets.ip("fd00:1::2", "fd00:9::9", 58, icmp))).isEmpty();
    byte[] behindOptions = new byte[64];
    behindOptions[0] = 58;
    behindOptions[8] = (byte) type;
    assertThat(noPeer(TestPackets.ip("fd00:1::2", "fd00:9::9", 60, behindOptions))).isEmpty();
  }

  @Test
  void nothingIsSaidAboutAnIcmpPacketWithoutItsType() {
    assertThat(noPeer(TestPackets.ip("10.1.1.2", "10.9.9.9", 1, new byte[0]))).isEmpty();
    assertThat(noPeer(TestPackets.ip("fd00:1::2", "fd00:9::9", 58, new byte[0]))).isEmpty();
  }

  @Test
  void nothingIsSaidAboutLaterFragmentsButAboutTheFirst() {
    byte[] later = TestPackets.udp("10.1.1.2", 1, "10.9.9.9", 2, new byte[16]);
    ByteBuffer.wrap(later).putShort(6, (short) 0x2004);
    assertThat(noPeer(later)).isEmpty();
    ByteBuffer.wrap(later).putShort(6, (short) 0x2000);
    assertThat(noPeer(later)).isNotEmpty();

    byte[] fragment = new byte[24];
    fragment[0] = 17;
    ByteBuffer.wrap(fragment).putShort(2, (short) (64 | 1));
    assertThat(noPeer(TestPackets.ip("fd00:1::2", "fd00:9::9", 44, fragment))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "127.0.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"})
  void nothingIsSaidToSourcesThatAreNotOneHost(String source) {
    assertThat(noPeer(TestPackets.ip(source, "10.9.9.9", 17, new byte[8]))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"::", "::1", "ff02::1"})
  void nothingIsSaidToIpv6SourcesThatAreNotOneHost(String source) {
    assertThat(noPeer(TestPackets.ip(source, "fd00:9::9", 17, new byte[8]))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"224.0.0.22", "239.1.2.3", "255.255.255.255"})
  void nothingIsSaidAboutPacketsToMany(String destination) {
    assertThat(noPeer(TestPackets.ip("10.1.1.2", destination, 17, new byte[8]))).isEmpty();
  }

  @Test
  void nothingIsSaidAboutIpv6Multicast() {
    assertThat(noPeer(TestPackets.ip("fd00:1::2", "ff02::16", 58, new byte[8]))).isEmpty();
  }

  @Test
  void errorsAreLimitedInTime() {
    byte[] ping = TestPackets.echo("10.1.1.2", "10.9.9.9", true, 1, 1, 56);
    int made = 0;
    for (int i = 0; i < 500; i++) {
      made += noPeer(ping).length > 0 ? 1 : 0;
    }
    assertThat(made).isEqualTo(IcmpErrors.BURST);
    long later = NOW + 1_000_000_000L / IcmpErrors.PER_SECOND;
    assertThat(error(ping, (h, m) -> errors.noPeer(h, m, 0, later))).isNotEmpty();
    assertThat(error(ping, (h, m) -> errors.noPeer(h, m, 0, later))).isEmpty();
  }
}
