package net.culvert.node.kernel.icmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Random;
import net.culvert.api.value.IpAddress;
import net.culvert.node.kernel.icmp.EchoMessages.Arrival;
import org.junit.jupiter.api.Test;

class EchoMessagesTest {

  private static final IpAddress FOUR = IpAddress.parse("10.1.2.2");
  private static final IpAddress SIX = IpAddress.parse("fd00::2");

  private final EchoMessages ipv4 = new EchoMessages(FOUR, 0xabcd, 0x1122334455667788L);
  private final EchoMessages ipv6 = new EchoMessages(SIX, 0xabcd, 0x1122334455667788L);

  private static ByteBuffer request(EchoMessages messages, int sequence, int payload) {
    ByteBuffer packet = ByteBuffer.allocate(8 + payload);
    messages.writeRequest(packet, sequence, payload);
    return packet;
  }

  /** An IPv4 packet of a protocol to a destination, with an option where the header is longer. */
  private static ByteBuffer ipv4(int headerBytes, int protocol, IpAddress to, ByteBuffer content) {
    ByteBuffer packet = ByteBuffer.allocate(headerBytes + content.limit());
    packet.put(0, (byte) (0x40 | headerBytes / 4)).put(8, (byte) 61).put(9, (byte) protocol);
    packet.put(16, to.toBytes()).put(headerBytes, content, 0, content.limit());
    return packet;
  }

  private static ByteBuffer ipv6(int nextHeader, IpAddress to, ByteBuffer content) {
    ByteBuffer packet = ByteBuffer.allocate(40 + content.limit());
    packet.put(0, (byte) 0x60).put(6, (byte) nextHeader).put(24, to.toBytes());
    return packet.put(40, content, 0, content.limit());
  }

  private static ByteBuffer error(int type, int code, int word, ByteBuffer offending) {
    ByteBuffer message = ByteBuffer.allocate(8 + offending.limit());
    message.put(0, (byte) type).put(1, (byte) code).putInt(4, word);
    return message.put(8, offending, 0, offending.limit());
  }

  @Test
  void aRequestHasAValidChecksumForAnyLength() {
    for (int payload : new int[] {8, 9, 56, 57}) {
      ByteBuffer packet = request(ipv4, 7, payload);
      assertThat(packet.limit()).isEqualTo(8 + payload);
      assertThat(packet.get(0)).isEqualTo((byte) 8);
      assertThat(packet.getShort(6)).isEqualTo((short) 7);
      long sum = 0;
      for (int i = 0; i < packet.limit(); i++) {
        sum += (packet.get(i) & 0xffL) << (i % 2 == 0 ? 8 : 0);
      }
      while (sum > 0xffff) {
        sum = (sum & 0xffff) + (sum >> 16);
      }
      assertThat(sum).isEqualTo(0xffff);
    }
    ByteBuffer six = request(ipv6, 1, 8);
    assertThat(six.get(0)).isEqualTo((byte) 128);
    assertThat(six.getShort(2)).isZero();
  }

  @Test
  void ourAnswerIsRead() {
    ByteBuffer answer = request(ipv4, 3, 56).put(0, (byte) 0);
    assertThat(ipv4.read(ipv4(20, 1, FOUR, answer))).isEqualTo(new Arrival(3, null, 61));
    assertThat(ipv4.read(ipv4(24, 1, FOUR, answer))).isEqualTo(new Arrival(3, null, 61));
    assertThat(ipv6.read(request(ipv6, 65535, 8).put(0, (byte) 129)))
        .isEqualTo(new Arrival(65535, null, 0));
  }

  @Test
  void answersOfOthersAreNot() {
    EchoMessages otherIdentifier = new EchoMessages(FOUR, 0xabce, 0x1122334455667788L);
    EchoMessages otherToken = new EchoMessages(FOUR, 0xabcd, 0x1122334455667789L);
    for (EchoMessages other : new EchoMessages[] {otherIdentifier, otherToken}) {
      ByteBuffer answer = request(other, 3, 56).put(0, (byte) 0);
      assertThat(ipv4.read(ipv4(20, 1, FOUR, answer))).isNull();
    }
    assertThat(ipv6.read(request(ipv6, 3, 8))).as("our own request").isNull();
    ByteBuffer cut = request(ipv4, 3, 8).put(0, (byte) 0).limit(15);
    assertThat(ipv4.read(ipv4(20, 1, FOUR, cut))).as("cut in the token").isNull();
  }

  @Test
  void errorsAreReadInWords() {
    ByteBuffer sent = ipv4(20, 1, FOUR, request(ipv4, 9, 8));
    assertThat(ipv4.read(ipv4(20, 1, FOUR, error(3, 1, 0, sent))))
        .isEqualTo(new Arrival(9, "destination host unreachable", 0));
    assertThat(ipv4.read(ipv4(20, 1, FOUR, error(3, 4, 1372, sent))))
        .isEqualTo(
            new Arrival(
                9, "packet too big and not to be fragmented, the next MTU is 1372 bytes", 0));
    assertThat(ipv4.read(ipv4(20, 1, FOUR, error(11, 0, 0, sent))))
        .isEqualTo(new Arrival(9, "time to live exceeded in transit", 0));
    ByteBuffer sent6 = ipv6(58, SIX, request(ipv6, 4, 8));
    assertThat(ipv6.read(error(1, 0, 0, sent6)))
        .isEqualTo(new Arrival(4, "no route to destination", 0));
    assertThat(ipv6.read(error(2, 0, 1280, sent6)))
        .isEqualTo(new Arrival(4, "packet too big, the next MTU is 1280 bytes", 0));
    assertThat(ipv6.read(error(3, 0, 0, sent6)))
        .isEqualTo(new Arrival(4, "hop limit exceeded in transit", 0));
  }

  @Test
  void errorsAboutOthersAreNot() {
    IpAddress elsewhere = IpAddress.parse("10.9.9.9");
    ByteBuffer request = request(ipv4, 9, 8);
    assertThat(ipv4.read(ipv4(20, 1, FOUR, error(3, 1, 0, ipv4(20, 1, elsewhere, request)))))
        .isNull();
    assertThat(ipv4.read(ipv4(20, 1, FOUR, error(3, 1, 0, ipv4(20, 17, FOUR, request))))).isNull();
    ByteBuffer other = request(new EchoMessages(FOUR, 1, 0), 9, 8);
    assertThat(ipv4.read(ipv4(20, 1, FOUR, error(3, 1, 0, ipv4(20, 1, FOUR, other))))).isNull();
  }

  @Test
  void everyErrorHasWords() {
    for (int type = 0; type < 256; type++) {
      for (int code = 0; code < 20; code++) {
        assertThat(IcmpErrors.ipv4(type, code, 1)).isNotBlank();
        assertThat(IcmpErrors.ipv6(type, code, 1)).isNotBlank();
      }
    }
  }

  @Test
  void rubbishIsNoArrivalAndNoException() {
    long seed = 7;
    Random random = new Random(seed);
    for (int i = 0; i < 200_000; i++) {
      byte[] bytes = new byte[random.nextInt(100)];
      random.nextBytes(bytes);
      if (bytes.length > 30 && random.nextBoolean()) {
        bytes[0] = 0x45;
        bytes[20] = 3;
        bytes[28] = (byte) (0x40 | random.nextInt(16));
      }
      assertThat(ipv4.read(ByteBuffer.wrap(bytes))).as("seed %d", seed).isNull();
      assertThat(ipv6.read(ByteBuffer.wrap(bytes))).as("seed %d", seed).isNull();
    }
  }

  @Test
  void anEchoHasBounds() {
    assertThatThrownBy(() -> new Echo(FOUR, 0, 1000, 0)).hasMessage("count is 1 to 1000, not 0");
    assertThatThrownBy(() -> new Echo(FOUR, 1, 0, 0)).hasMessageContaining("timeoutMillis");
    assertThatThrownBy(() -> new Echo(FOUR, 1, 1, -1)).hasMessageContaining("intervalMillis");
    assertThatThrownBy(() -> new Echo(FOUR, 0, 1, 1, 1, 7, null))
        .hasMessage("payloadBytes is 8 to 65507, not 7");
    assertThatThrownBy(() -> new Echo(FOUR, 0, 1, 1, 1, 56, 0)).hasMessageContaining("ttl");
  }
}
