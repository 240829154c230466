package net.culvert.node.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import net.culvert.api.value.IpAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IpHeaderTest {

  private final Arena arena = Arena.ofConfined();
  private final IpHeader header = new IpHeader();

  @AfterEach
  void close() {
    arena.close();
  }

  /** Exactly the packet's bytes, so that a read past them is caught. */
  private MemorySegment memory(byte[] packet) {
    MemorySegment memory = arena.allocate(Math.max(1, packet.length));
    MemorySegment.copy(packet, 0, memory, ValueLayout.JAVA_BYTE, 0, packet.length);
    return memory;
  }

  private boolean parse(byte[] packet) {
    return header.parse(memory(packet), 0, packet.length);
  }

  @Test
  void anIpv4PacketIsRead() {
    assertThat(parse(TestPackets.udp("10.1.1.2", 5, "10.1.2.2", 6, new byte[10]))).isTrue();
    assertThat(header.version()).isEqualTo(4);
    assertThat(header.headerBytes()).isEqualTo(20);
    assertThat(header.totalBytes()).isEqualTo(38);
    assertThat(header.hopLimit()).isEqualTo(64);
    assertThat(header.dontFragment()).isTrue();
    assertThat(header.isFragment()).isFalse();
    assertThat(header.source()).isEqualTo(IpAddress.parse("10.1.1.2"));
    assertThat(header.destination()).isEqualTo(IpAddress.parse("10.1.2.2"));
    assertThat(header.upperProtocol()).isEqualTo(IpProtocol.UDP);
    assertThat(header.upperOffset()).isEqualTo(20);
  }

  @Test
  void lengthsThatContradictAreRefused() {
    byte[] packet = TestPackets.udp("10.1.1.2", 5, "10.1.2.2", 6, new byte[10]);
    for (int cut = 0; cut < packet.length; cut++) {
      assertThat(parse(TestPackets.slice(packet, 0, cut))).as("cut to %d", cut).isFalse();
    }
    byte[] shortHeader = packet.clone();
    shortHeader[0] = 0x44;
    assertThat(parse(shortHeader)).isFalse();
    byte[] longHeader = packet.clone();
    longHeader[0] = 0x4f;
    assertThat(parse(longHeader)).isFalse();
    byte[] totalBelowHeader = packet.clone();
    ByteBuffer.wrap(totalBelowHeader).putShort(2, (short) 19);
    assertThat(parse(totalBelowHeader)).isFalse();
    byte[] otherVersion = packet.clone();
    otherVersion[0] = 0x55;
    assertThat(parse(otherVersion)).isFalse();

    byte[] ipv6 = TestPackets.udp("fd00::1", 5, "fd00::2", 6, new byte[10]);
    for (int cut = 0; cut < ipv6.length; cut++) {
      assertThat(parse(TestPackets.slice(ipv6, 0, cut))).as("cut to %d", cut).isFalse();
    }
  }

  @Test
  void bytesBehindThePacketAreNotPartOfIt() {
    byte[] packet = TestPackets.udp("10.1.1.2", 5, "10.1.2.2", 6, new byte[10]);
    assertThat(parse(Arrays.copyOf(packet, packet.length + 7))).isTrue();
    assertThat(header.totalBytes()).isEqualTo(packet.length);
  }

  @Test
  void extensionHeadersAreWalkedWithinBounds() {
    ByteBuffer chain = ByteBuffer.allocate(8 + 16 + 8 + 8);
    chain.put((byte) IpProtocol.DSTOPTS).put((byte) 0).putShort((short) 0).putInt(0);
    chain.put((byte) IpProtocol.FRAGMENT).put((byte) 1).putShort((short) 0).putInt(0).putLong(0);
    chain.put((byte) IpProtocol.UDP).put((byte) 0).putShort((short) 1).putInt(9);
    chain.putShort((short) 5).putShort((short) 6).putShort((short) 8).putShort((short) 0);
    byte[] packet = TestPackets.ip("fd00::1", "fd00::2", IpProtocol.HOPOPTS, chain.array());
    MemorySegment memory = memory(packet);
    assertThat(header.parse(memory, 0, packet.length)).isTrue();
    header.locateUpperLayer(memory, 0);
    assertThat(header.upperProtocol()).isEqualTo(IpProtocol.UDP);
    assertThat(header.upperOffset()).isEqualTo(40 + 32);
    assertThat(header.isFragment()).isTrue();
    assertThat(header.fragmentOffset()).isZero();
  }

  @Test
  void whatFollowsALaterFragmentIsNotReadAsAHeader() {
    ByteBuffer chain = ByteBuffer.allocate(16);
    chain.put((byte) IpProtocol.DSTOPTS).put((byte) 0).putShort((short) (8 << 3)).putInt(9);
    chain.put((byte) IpProtocol.UDP).put((byte) 0xff);
    byte[] packet = TestPackets.ip("fd00::1", "fd00::2", IpProtocol.FRAGMENT, chain.array());
    MemorySegment memory = memory(packet);
    assertThat(header.parse(memory, 0, packet.length)).isTrue();
    header.locateUpperLayer(memory, 0);
    assertThat(header.fragmentOffset()).isEqualTo(64);
    assertThat(header.upperOffset()).isEqualTo(48);
  }

  @Test
  void aChainThatLeavesThePacketOrNeverEndsStopsTheWalk() {
    byte[] leaves = {IpProtocol.DSTOPTS, (byte) 0xff, 0, 0, 0, 0, 0, 0};
    byte[] packet = TestPackets.ip("fd00::1", "fd00::2", IpProtocol.HOPOPTS, leaves);
    MemorySegment memory = memory(packet);
    assertThat(header.parse(memory, 0, packet.length)).isTrue();
    header.locateUpperLayer(memory, 0);
    assertThat(header.upperOffset()).isEqualTo(40);

    byte[] endless = new byte[8 * 100];
    for (int i = 0; i < endless.length; i += 8) {
      endless[i] = IpProtocol.DSTOPTS;
    }
    packet = TestPackets.ip("fd00::1", "fd00::2", IpProtocol.DSTOPTS, endless);
    memory = memory(packet);
    assertThat(header.parse(memory, 0, packet.length)).isTrue();
    header.locateUpperLayer(memory, 0);
    assertThat(header.upperOffset()).isEqualTo(40 + 16 * 8);
    assertThat(header.upperProtocol()).isEqualTo(IpProtocol.DSTOPTS);
  }
}
