package net.culvert.node.dataplane;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import net.culvert.node.packet.TestPackets;

/** Packets of a few flows, honest and less so, that often continue each other. */
final class RandomPackets {

  private static final String[] V4 = {"10.1.1.2", "10.1.1.3", "10.1.2.2"};
  private static final String[] V6 = {"fd00:1::2", "fd00:1::3", "fd00:2::2"};

  private final Random random;
  private final int[] sequences = new int[64];
  private final int[] identifications = new int[64];

  RandomPackets(Random random) {
    this.random = random;
    for (int i = 0; i < sequences.length; i++) {
      sequences[i] = random.nextInt();
      identifications[i] = random.nextInt(0x10000);
    }
  }

  private boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  /** A whole packet of one of a few flows, with right checksums unless damaged on purpose. */
  byte[] next(int usualPayload) {
    boolean ipv4 = random.nextBoolean();
    boolean tcp = random.nextBoolean();
    int flow = (ipv4 ? 0 : 16) + (tcp ? 0 : 8) + random.nextInt(3);
    byte[] packet = ofFlow(flow, usualPayload);
    int upper = ipv4 ? (packet[0] & 0xf) * 4 : 40;
    if (oneIn(40)) {
      packet[random.nextInt(packet.length)] ^= (byte) (1 << random.nextInt(8));
    } else if (ipv4 && oneIn(60)) {
      ByteBuffer.wrap(packet).putShort(6, (short) (random.nextBoolean() ? 0x2000 : 0x0010));
      refreshIpv4(packet);
    } else if (!tcp && oneIn(60)) {
      ByteBuffer.wrap(packet).putShort(upper + 6, (short) 0);
    } else if (oneIn(60)) {
      packet = TestPackets.slice(packet, 0, Math.min(packet.length, upper + random.nextInt(12)));
      ByteBuffer.wrap(packet).putShort(ipv4 ? 2 : 4, (short) (packet.length - (ipv4 ? 0 : 40)));
      if (ipv4) {
        refreshIpv4(packet);
      }
    }
    return packet;
  }

  private byte[] ofFlow(int flow, int usualPayload) {
    boolean ipv4 = (flow & 16) == 0;
    boolean tcp = (flow & 8) == 0;
    String[] addresses = ipv4 ? V4 : V6;
    int number = flow & 3;
    int payload = oneIn(6) ? random.nextInt(usualPayload + 20) : usualPayload;
    int options = tcp && number == 1 ? 12 : tcp && oneIn(30) ? 4 * random.nextInt(11) : 0;
    int upperBytes = tcp ? 20 + options : 8;
    byte[] upper = new byte[upperBytes + payload];
    ByteBuffer out = ByteBuffer.wrap(upper);
    out.putShort((short) (5000 + number)).putShort((short) (oneIn(50) ? 81 : 80));
    if (tcp) {
      int flags = oneIn(12) ? random.nextInt(256) : oneIn(6) ? 0x18 : 0x10;
      int sequence = oneIn(20) ? random.nextInt() : sequences[flow];
      sequences[flow] = sequence + payload;
      out.putInt(sequence).putInt(oneIn(15) ? random.nextInt() : 77);
      out.putShort((short) (upperBytes / 4 << 12 | flags | (oneIn(60) ? 0x100 : 0)));
      out.putShort((short) (oneIn(15) ? random.nextInt() : 500)).putShort((short) 0);
      out.putShort((short) (oneIn(40) ? 9 : 0));
      for (int i = 20; i < upperBytes; i++) {
        upper[i] = (byte) (number == 1 ? 1 : random.nextInt());
      }
    } else {
      out.putShort((short) upper.length).putShort((short) 0);
    }
    for (int i = upperBytes; i < upper.length; i++) {
      upper[i] = (byte) random.nextInt();
    }
    byte[] packet =
        TestPackets.ip(addresses[number], addresses[2], tcp ? 6 : 17, upper, number != 0);
    if (ipv4) {
      dressIpv4(packet, flow, number);
    } else if (oneIn(20)) {
      packet[7] = (byte) random.nextInt();
      packet[1] = (byte) random.nextInt(16);
    }
    SlowSegmentation.finishUpper(packet, ipv4 ? 20 : 40, tcp);
    return packet;
  }

  private void dressIpv4(byte[] packet, int flow, int number) {
    int id = number == 1 ? 0 : identifications[flow]++;
    ByteBuffer.wrap(packet).putShort(4, (short) (oneIn(25) ? random.nextInt() : id));
    if (oneIn(25)) {
      packet[1] = (byte) random.nextInt();
      packet[8] = (byte) random.nextInt();
    }
    refreshIpv4(packet);
  }

  static void refreshIpv4(byte[] packet) {
    ByteBuffer.wrap(packet).putShort(10, (short) 0);
    ByteBuffer.wrap(packet).putShort(10, (short) TestPackets.checksum(packet, 0, 20, 0));
  }

  /**
   * A super-packet with its offload header, as a device hands it over: lengths and checksums as the
   * kernel leaves them.
   */
  byte[] superPacket() {
    boolean ipv4 = random.nextBoolean();
    boolean tcp = random.nextBoolean();
    int optionBytes = ipv4 && oneIn(10) ? 4 * random.nextInt(11) : 0;
    int extensions = ipv4 || !oneIn(10) ? 0 : 8 * (1 + random.nextInt(4));
    int upperBytes = tcp ? 20 + 4 * random.nextInt(11) : 8;
    int start = (ipv4 ? 20 + optionBytes : 40) + extensions;
    int room = 65_535 - start - upperBytes;
    int payload = 1 + (oneIn(100) ? random.nextInt(room) : random.nextInt(2500));
    int gsoSize = 1 + random.nextInt(oneIn(20) ? 60_000 : 700);
    if (payload / gsoSize > 2000) {
      gsoSize = payload / 2000 + 1;
    }
    byte[] bytes = new byte[10 + start + upperBytes + payload];
    random.nextBytes(bytes);
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    int type = tcp ? ipv4 ? 1 : 4 : 5;
    out.put(0, (byte) 1).put(1, (byte) (type | (tcp && oneIn(10) ? 0x80 : 0)));
    // The kernel tells nonsense in hdr_len of a forwarded packet, so it stays random.
    out.putShort(4, (short) gsoSize).putShort(6, (short) start);
    out.putShort(8, (short) (tcp ? 16 : 6)).order(ByteOrder.BIG_ENDIAN);
    int ip = 10;
    if (ipv4) {
      bytes[ip] = (byte) (0x45 + optionBytes / 4);
      out.putShort(ip + 2, (short) (bytes.length - 10));
      out.putShort(ip + 6, (short) (random.nextBoolean() ? 0x4000 : 0));
      bytes[ip + 9] = (byte) (tcp ? 6 : 17);
    } else {
      bytes[ip] = (byte) (0x60 | bytes[ip] & 0xf);
      out.putShort(ip + 4, (short) (bytes.length - 50));
      bytes[ip + 6] = (byte) (extensions > 0 ? 60 : tcp ? 6 : 17);
      for (int at = 50; at < 50 + extensions; at += 8) {
        bytes[at] = (byte) (at + 8 < 50 + extensions ? 60 : tcp ? 6 : 17);
        bytes[at + 1] = 0;
      }
    }
    int upper = ip + start;
    if (tcp) {
      boolean usual = random.nextBoolean();
      bytes[upper + 12] = (byte) (upperBytes / 4 << 4 | (usual ? 0 : random.nextInt(16)));
      if (usual) {
        bytes[upper + 13] = (byte) (oneIn(2) ? 0x18 : 0x10);
      }
    } else {
      out.putShort(upper + 4, (short) (8 + payload));
    }
    byte[] packet = TestPackets.slice(bytes, 10, bytes.length - 10);
    int pseudo = SlowSegmentation.pseudo(packet, tcp ? 6 : 17, packet.length - start);
    int folded = ~TestPackets.checksum(new byte[0], 0, 0, pseudo) & 0xffff;
    out.putShort(upper + (tcp ? 16 : 6), (short) folded);
    return bytes;
  }
}
