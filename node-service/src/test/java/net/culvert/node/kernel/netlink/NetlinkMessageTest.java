package net.culvert.node.kernel.netlink;

import static net.culvert.node.kernel.netlink.NetlinkBytes.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.abi.Netlink;
import net.culvert.node.kernel.abi.Netlink.Nlmsgerr;
import net.culvert.node.kernel.abi.Netlink.Nlmsghdr;
import org.junit.jupiter.api.Test;

class NetlinkMessageTest {

  private static final NetlinkRequest REQUEST =
      new NetlinkRequest(16, 0, 16, "RTM_NEWLINK", "veth1");

  private static List<NetlinkMessage> read(ByteBuffer datagram) {
    List<NetlinkMessage> messages = new ArrayList<>();
    NetlinkMessage.forEach(datagram, messages::add);
    return messages;
  }

  @Test
  void whatIsWrittenIsRead() {
    NetlinkRequest written =
        body(8)
            .headerU8(0, 0xfe)
            .headerU16(2, 0xfffe)
            .headerU32(4, 0x80000001)
            .string(1, "veth1")
            .u8(2, 200)
            .u16(3, 60000)
            .u32(4, -5)
            .bytes(5, new byte[] {1, 2, 3})
            .nested(6, inner -> inner.u32(1, 7).nested(2, 4, deep -> deep.string(1, "")));
    NetlinkMessage message =
        read(new NetlinkBytes().message(99, 0, 5, written).datagram()).getFirst();
    assertThat(message.type()).isEqualTo(99);
    assertThat(message.sequence()).isEqualTo(5);
    assertThat(message.headerU8(0)).isEqualTo(0xfe);
    assertThat(message.headerU16(2)).isEqualTo(0xfffe);
    assertThat(message.headerU32(4)).isEqualTo(0x80000001);
    Attributes attributes = message.attributes(8);
    assertThat(attributes.string(1)).isEqualTo("veth1");
    assertThat(attributes.bytes(1)).hasSize(6);
    assertThat(attributes.u8(2, 0)).isEqualTo(200);
    assertThat(attributes.u16(3, 0)).isEqualTo(60000);
    assertThat(attributes.u32(4, 0)).isEqualTo(-5);
    assertThat(attributes.bytes(5)).containsExactly(1, 2, 3);
    assertThat(attributes.nested(6).u32(1, 0)).isEqualTo(7);
    assertThat(attributes.nested(6).buffer(2)).isNotNull();
    assertThat(attributes.has(7)).isFalse();
    assertThat(attributes.u32(7, 42)).isEqualTo(42);
    assertThat(attributes.string(7)).isNull();
    assertThat(attributes.nested(7).has(1)).isFalse();
    List<Integer> types = new ArrayList<>();
    attributes.forEach((value, type) -> types.add(type));
    assertThat(types).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void aRequestGrowsAsNeeded() {
    NetlinkRequest request = body(4).headerU32(0, 77);
    for (int i = 1; i <= 300; i++) {
      request.bytes(i, new byte[] {(byte) i});
    }
    Attributes attributes =
        read(new NetlinkBytes().message(20, 0, 1, request).datagram()).getFirst().attributes(4);
    assertThat(attributes.u8(300, 0)).isEqualTo(300 & 0xff);
    assertThat(request.headerU32(0)).isEqualTo(77);
  }

  @Test
  void anAttributeHasLess64KiB() {
    assertThatThrownBy(() -> body(0).bytes(1, new byte[65532]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("65532 bytes in attribute 1");
    NetlinkRequest request = body(0);
    assertThatThrownBy(() ->
            request.nested(9, inner -> inner.bytes(1, new byte[40000]).bytes(2, new byte[40000])))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void severalMessagesInOneDatagram() {
    ByteBuffer datagram =
        new NetlinkBytes()
            .message(20, 0, 1, body(4).bytes(1, new byte[] {1}))
            .message(21, 0, 2, body(4))
            .datagram();
    assertThat(read(datagram)).extracting(NetlinkMessage::type).containsExactly(20, 21);
  }

  @Test
  void lengthsThatDoNotFitAreRefused() {
    ByteBuffer four = ByteBuffer.allocate(4);
    assertThatThrownBy(() -> read(new NetlinkBytes().raw(20, 0, 1, 15, four).datagram()))
        .isInstanceOf(MalformedMessageException.class);
    assertThatThrownBy(() -> read(new NetlinkBytes().raw(20, 0, 1, 21, four).datagram()))
        .isInstanceOf(MalformedMessageException.class);
    assertThatThrownBy(() -> read(new NetlinkBytes().raw(20, 0, 1, -1, four).datagram()))
        .isInstanceOf(MalformedMessageException.class);
    assertThatThrownBy(() -> read(ByteBuffer.allocate(7)))
        .isInstanceOf(MalformedMessageException.class);
    NetlinkMessage shorty =
        read(new NetlinkBytes().message(20, 0, 1, body(4)).datagram()).getFirst();
    assertThatThrownBy(() -> shorty.headerU32(4)).isInstanceOf(MalformedMessageException.class);
    assertThatThrownBy(() -> shorty.attributes(8)).isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void attributesThatDoNotFitAreRefused() {
    for (int length : new int[] {0, 3, 9, 0xffff}) {
      ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
      bytes.putShort(0, (short) length);
      assertThatThrownBy(() -> Attributes.of(bytes))
          .as("length %d", length)
          .isInstanceOf(MalformedMessageException.class);
    }
    Attributes shortOnes =
        read(new NetlinkBytes().message(20, 0, 1, body(0).u8(1, 5).u8(2, 6)).datagram())
            .getFirst()
            .attributes(0);
    assertThatThrownBy(() -> shortOnes.u32(1, 0)).isInstanceOf(MalformedMessageException.class);
    assertThatThrownBy(() -> shortOnes.u16(2, 0)).isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void rubbishIsRefusedOrReadButNeverMore() {
    long seed = 20251123;
    Random random = new Random(seed);
    int read = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = new byte[random.nextInt(120)];
      random.nextBytes(bytes);
      ByteBuffer datagram = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
      if (bytes.length >= 16 && random.nextBoolean()) {
        datagram.putInt(0, bytes.length - random.nextInt(3));
      }
      if (bytes.length >= 24 && random.nextBoolean()) {
        datagram.putShort(20, (short) (bytes.length - 20));
      }
      try {
        for (NetlinkMessage message : read(datagram)) {
          Attributes attributes = message.attributes(4);
          attributes.forEach((value, type) -> attributes.bytes(type));
          attributes.nested(1).u32(2, 0);
          Acknowledgement.ofError(message, REQUEST);
          read++;
        }
      } catch (MalformedMessageException expected) {
        assertThat(expected).as("seed %d", seed).hasMessageContaining("");
      }
    }
    assertThat(read).isPositive();
  }

  @Test
  void anAcknowledgementOfZeroIsDone() {
    NetlinkRequest body = body(Nlmsgerr.SIZEOF);
    assertThat(error(Netlink.NLM_F_CAPPED, body)).isEqualTo(Outcome.DONE);
    NetlinkRequest warning =
        body(Nlmsgerr.SIZEOF).string(Netlink.NLMSGERR_ATTR_MSG, "soon to be gone");
    Outcome outcome = error(Netlink.NLM_F_CAPPED | Netlink.NLM_F_ACK_TLVS, warning);
    assertThat(outcome.isDone()).isTrue();
    assertThat(outcome.warning()).isEqualTo("soon to be gone");
  }

  @Test
  void aRefusalTellsTheKernelsSentence() {
    NetlinkRequest body =
        body(Nlmsgerr.SIZEOF)
            .headerU32(Nlmsgerr.ERROR, -Errno.EINVAL)
            .string(Netlink.NLMSGERR_ATTR_MSG, "mtu less than device minimum")
            .u32(Netlink.NLMSGERR_ATTR_OFFS, 32)
            .u32(Netlink.NLMSGERR_ATTR_MISS_TYPE, 4);
    NetlinkException failure =
        Objects.requireNonNull(
            error(Netlink.NLM_F_CAPPED | Netlink.NLM_F_ACK_TLVS, body).failure());
    assertThat(failure)
        .hasMessage(
            "RTM_NEWLINK veth1: EINVAL (Invalid argument): mtu less than device minimum"
                + " (attribute at byte 32) (attribute 4 is missing)");
    assertThat(failure.kernelSentence()).isEqualTo("mtu less than device minimum");
    assertThat(failure.attributeOffset()).isEqualTo(32);
    assertThat(failure.missingAttribute()).isEqualTo(4);
    assertThat(failure.errno()).isEqualTo(Errno.EINVAL);
    assertThat(failure.call()).isEqualTo("RTM_NEWLINK");
  }

  @Test
  void aRefusalThatRepeatsTheRequestIsReadBehindIt() {
    int request = Nlmsghdr.SIZEOF + 5;
    NetlinkRequest body =
        body(Nlmsgerr.MSG + NetlinkRequest.align(request))
            .headerU32(Nlmsgerr.ERROR, -Errno.EEXIST)
            .headerU32(Nlmsgerr.MSG, request)
            .string(Netlink.NLMSGERR_ATTR_MSG, "name taken");
    assertThat(error(Netlink.NLM_F_ACK_TLVS, body).failure())
        .hasMessage("RTM_NEWLINK veth1: EEXIST (File exists): name taken");
    body.headerU32(Nlmsgerr.MSG, 4000);
    assertThatThrownBy(() -> error(Netlink.NLM_F_ACK_TLVS, body))
        .isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void theEndOfADumpTellsItsError() {
    assertThat(done(body(0))).isEqualTo(Outcome.DONE);
    assertThat(done(body(4))).isEqualTo(Outcome.DONE);
    assertThat(done(body(4).headerU32(0, -Errno.ENODEV)).failure()).hasMessageContaining("ENODEV");
  }

  private static Outcome error(int flags, NetlinkRequest body) {
    return Acknowledgement.ofError(
        read(new NetlinkBytes().message(Netlink.NLMSG_ERROR, flags, 1, body).datagram()).getFirst(),
        REQUEST);
  }

  private static Outcome done(NetlinkRequest body) {
    return Acknowledgement.ofDone(
        read(new NetlinkBytes().message(Netlink.NLMSG_DONE, 0, 1, body).datagram()).getFirst(),
        REQUEST);
  }
}
