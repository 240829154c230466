package net.culvert.node.kernel.netlink;

import static net.culvert.node.kernel.netlink.NetlinkBytes.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.abi.Netlink;
import net.culvert.node.kernel.abi.Netlink.Nlmsgerr;
import net.culvert.node.kernel.netlink.NetlinkEvents.Received;
import net.culvert.node.kernel.sys.SystemCallException;
import org.junit.jupiter.api.Test;

class NetlinkSocketTest {

  private static final int GET = 18;
  private static final int NEW = 16;

  private final ScriptedKernel kernel = new ScriptedKernel();
  private final NetlinkSocket socket = NetlinkSocket.open(kernel.syscalls, Netlink.NETLINK_ROUTE);

  private static NetlinkRequest request(int n) {
    return new NetlinkRequest(GET, 0, 4, "GET", "thing " + n).headerU32(0, n);
  }

  private static ByteBuffer acknowledgement(int sequence, int errno) {
    return new NetlinkBytes()
        .message(
            Netlink.NLMSG_ERROR,
            Netlink.NLM_F_CAPPED,
            sequence,
            body(Nlmsgerr.SIZEOF).headerU32(Nlmsgerr.ERROR, -errno))
        .datagram();
  }

  private static ByteBuffer element(int sequence, int flags, int value) {
    return new NetlinkBytes().message(NEW, flags, sequence, body(4).headerU32(0, value)).datagram();
  }

  private static ByteBuffer done(int sequence, int flags, int errno) {
    return new NetlinkBytes()
        .message(Netlink.NLMSG_DONE, flags, sequence, body(4).headerU32(0, -errno))
        .datagram();
  }

  @Test
  void aBatchIsOneSendAndGoesOnAfterARefusal() {
    kernel.answerSend(requests -> {
      assertThat(requests).hasSize(3);
      assertThat(requests).allMatch(r -> r.has(Netlink.NLM_F_ACK) && r.has(1));
      List<ByteBuffer> answers = new ArrayList<>();
      answers.add(element(requests.get(0).sequence(), 0, 10));
      answers.add(acknowledgement(requests.get(0).sequence(), 0));
      answers.add(acknowledgement(requests.get(1).sequence(), Errno.EEXIST));
      answers.add(element(requests.get(2).sequence(), 0, 12));
      answers.add(acknowledgement(requests.get(2).sequence(), 0));
      return answers;
    });
    List<String> seen = new ArrayList<>();
    List<Outcome> outcomes =
        socket.exchange(
            List.of(request(0), request(1), request(2)),
            (index, message) -> seen.add(index + ":" + message.headerU32(0)));
    assertThat(kernel.sends()).isEqualTo(1);
    assertThat(seen).containsExactly("0:10", "2:12");
    assertThat(outcomes).extracting(Outcome::isDone).containsExactly(true, false, true);
    assertThatThrownBy(outcomes.get(1)::orThrow).hasMessage("GET thing 1: EEXIST (File exists)");
  }

  @Test
  void aLongBatchIsCutToWhatTheAnswersFindRoomFor() {
    for (int i = 0; i < 3; i++) {
      kernel.answerSend(
          requests -> requests.stream().map(r -> acknowledgement(r.sequence(), 0)).toList());
    }
    List<Outcome> outcomes =
        socket.exchange(
            IntStream.range(0, 300).mapToObj(NetlinkSocketTest::request).toList(),
            (index, message) -> {});
    assertThat(outcomes).hasSize(300).allMatch(Outcome::isDone);
    assertThat(kernel.sends()).isEqualTo(3);
  }

  @Test
  void aMessageThatFitsNoSendIsRefused() {
    NetlinkRequest huge = request(1).bytes(1, new byte[40_000]);
    assertThatThrownBy(() -> socket.execute(huge)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void answersOfOthersArePassedOver() {
    kernel.queue(acknowledgement(4711, Errno.EPERM));
    kernel.queueFromProcess(acknowledgement(1, Errno.EPERM), 1234);
    kernel.queueError(Errno.EINTR);
    kernel.answerSend(requests -> List.of(acknowledgement(requests.getFirst().sequence(), 0)));
    socket.execute(request(1));
  }

  @Test
  void noAnswerIsATimeout() {
    assertThatThrownBy(() -> socket.execute(request(1)))
        .isInstanceOf(SystemCallException.class)
        .hasMessage("recvmsg netlink: ETIMEDOUT (Connection timed out)");
  }

  @Test
  void onlyStrayAnswersEndTheCall() {
    for (int i = 0; i < 11_000; i++) {
      kernel.queue(acknowledgement(-5, 0));
    }
    assertThatThrownBy(() -> socket.execute(request(1)))
        .isInstanceOf(SystemCallException.class)
        .hasMessageContaining("EPROTO");
  }

  @Test
  void lostOrCutAnswersEndTheCall() {
    kernel.queueError(Errno.ENOBUFS);
    assertThatThrownBy(() -> socket.execute(request(1))).hasMessageContaining("ENOBUFS");
    kernel.queueTruncated(acknowledgement(2, 0));
    assertThatThrownBy(() -> socket.execute(request(1))).hasMessageContaining("EMSGSIZE");
  }

  @Test
  void aDumpEndsWithDone() {
    kernel.answerSend(requests -> {
      int sequence = requests.getFirst().sequence();
      return List.of(
          element(sequence, 0, 1),
          element(sequence, 0, 2),
          element(sequence, 0, -1),
          done(sequence, 0, 0));
    });
    List<Integer> elements =
        socket.dump(request(0), message -> message.headerU32(0) < 0 ? null : message.headerU32(0));
    assertThat(elements).containsExactly(1, 2);
  }

  @Test
  void anInterruptedDumpBeginsAnew() {
    kernel.answerSend(requests -> {
      int sequence = requests.getFirst().sequence();
      return List.of(element(sequence, Netlink.NLM_F_DUMP_INTR, 1), done(sequence, 0, 0));
    });
    kernel.answerSend(requests -> {
      int sequence = requests.getFirst().sequence();
      return List.of(element(sequence, 0, 2), done(sequence, Netlink.NLM_F_DUMP_INTR, 0));
    });
    kernel.answerSend(
        requests -> List.of(acknowledgement(requests.getFirst().sequence(), Errno.EBUSY)));
    kernel.answerSend(requests -> {
      int sequence = requests.getFirst().sequence();
      return List.of(element(sequence, 0, 3), done(sequence, 0, 0));
    });
    assertThat(socket.<Integer>dump(request(0), message -> message.headerU32(0)))
        .containsExactly(3);
    assertThat(kernel.sends()).isEqualTo(4);
  }

  @Test
  void aDumpThatIsAlwaysInterruptedIsGivenUp() {
    for (int i = 0; i < 20; i++) {
      kernel.answerSend(
          requests -> List.of(done(requests.getFirst().sequence(), Netlink.NLM_F_DUMP_INTR, 0)));
    }
    assertThatThrownBy(() -> socket.dump(request(0), message -> message))
        .isInstanceOf(NetlinkException.class)
        .hasMessageContaining("EINTR")
        .hasMessageContaining("the table changed");
    assertThat(kernel.sends()).isEqualTo(NetlinkSocket.MAX_DUMP_ATTEMPTS);
  }

  @Test
  void aDumpsErrorIsThrown() {
    kernel.answerSend(requests -> List.of(done(requests.getFirst().sequence(), 0, Errno.ENODEV)));
    assertThatThrownBy(() -> socket.dump(request(0), message -> message))
        .hasMessageContaining("ENODEV");
  }

  @Test
  void aParserThatThrowsLeavesTheSocketUsable() {
    kernel.answerSend(requests -> {
      int sequence = requests.getFirst().sequence();
      return List.of(element(sequence, 0, 1), element(sequence, 0, 2), done(sequence, 0, 0));
    });
    assertThatThrownBy(() -> socket.dump(request(0), message -> message.headerU32(400)))
        .isInstanceOf(MalformedMessageException.class);
    kernel.answerSend(requests -> List.of(acknowledgement(requests.getFirst().sequence(), 0)));
    socket.execute(request(1));
  }

  @Test
  void eventsTellWhatWasLost() {
    try (NetlinkEvents events = NetlinkEvents.open(kernel.syscalls, Netlink.NETLINK_ROUTE, 1)) {
      List<Integer> seen = new ArrayList<>();
      assertThat(events.receive(10, message -> seen.add(message.headerU32(0))))
          .isEqualTo(Received.EVERYTHING);
      kernel.queue(element(0, 0, 1));
      kernel.queueFromProcess(element(0, 0, 66), 5);
      kernel.queue(element(0, 0, 2));
      assertThat(events.receive(2, message -> seen.add(message.headerU32(0))))
          .isEqualTo(Received.MORE);
      assertThat(events.receive(2, message -> seen.add(message.headerU32(0))))
          .isEqualTo(Received.EVERYTHING);
      assertThat(seen).containsExactly(1, 2);
      kernel.queueError(Errno.ENOBUFS);
      assertThat(events.receive(2, message -> {})).isEqualTo(Received.OVERFLOW);
      kernel.queue(ByteBuffer.allocate(3));
      assertThat(events.receive(2, message -> {})).isEqualTo(Received.OVERFLOW);
      kernel.queueError(Errno.EBADF);
      assertThatThrownBy(() -> events.receive(2, message -> {})).hasMessageContaining("EBADF");
    }
  }
}
