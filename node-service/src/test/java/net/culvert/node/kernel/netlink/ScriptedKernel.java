package net.culvert.node.kernel.netlink;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.abi.Netlink.SockaddrNl;
import net.culvert.node.kernel.abi.Socket;
import net.culvert.node.kernel.abi.Socket.Msghdr;
import net.culvert.node.kernel.abi.Uio.Iovec;
import net.culvert.node.kernel.sys.Syscalls;

/** A netlink socket whose answers a test writes: datagrams, errors, other senders. */
final class ScriptedKernel {

  /** What one recvmsg answers: bytes of a sender, or an error. */
  private record Answer(ByteBuffer datagram, int sender, int flags, long result) {}

  private final Deque<Answer> answers = new ArrayDeque<>();
  private final List<Function<List<NetlinkMessage>, List<ByteBuffer>>> onSend = new ArrayList<>();
  private int sends;

  final Syscalls syscalls =
      (Syscalls)
          Proxy.newProxyInstance(
              Syscalls.class.getClassLoader(),
              new Class<?>[] {Syscalls.class},
              (proxy, method, arguments) ->
                  switch (method.getName()) {
                    case "socket" -> 77L;
                    case "send" -> send((Long) arguments[1], (Long) arguments[2]);
                    case "recvmsg" -> receive((Long) arguments[1]);
                    default -> 0L;
                  });

  /** The next send is answered by these datagrams. */
  void answerSend(Function<List<NetlinkMessage>, List<ByteBuffer>> answer) {
    onSend.add(answer);
  }

  void queue(ByteBuffer datagram) {
    answers.add(new Answer(datagram, 0, 0, datagram.remaining()));
  }

  void queueFromProcess(ByteBuffer datagram, int port) {
    answers.add(new Answer(datagram, port, 0, datagram.remaining()));
  }

  void queueTruncated(ByteBuffer datagram) {
    answers.add(new Answer(datagram, 0, Socket.MSG_TRUNC, datagram.remaining()));
  }

  void queueError(int errno) {
    answers.add(new Answer(ByteBuffer.allocate(0), 0, 0, -errno));
  }

  int sends() {
    return sends;
  }

  /** The memory that the code under test told by its address, as a kernel sees it. */
  @SuppressWarnings("restricted") // the only way to follow an address
  private static MemorySegment memory(long address, long length) {
    return MemorySegment.ofAddress(address).reinterpret(length);
  }

  private long send(long address, long length) {
    List<NetlinkMessage> messages = new ArrayList<>();
    NetlinkMessage.forEach(memory(address, length).asByteBuffer(), messages::add);
    if (sends < onSend.size()) {
      onSend.get(sends).apply(messages).forEach(this::queue);
    }
    sends++;
    return length;
  }

  private long receive(long message) {
    Answer answer = answers.poll();
    if (answer == null) {
      return -Errno.EAGAIN;
    }
    if (answer.result < 0) {
      return answer.result;
    }
    MemorySegment header = memory(message, Msghdr.SIZEOF);
    MemorySegment name =
        memory(header.get(ValueLayout.JAVA_LONG, Msghdr.MSG_NAME), SockaddrNl.SIZEOF);
    name.set(ValueLayout.JAVA_INT, SockaddrNl.NL_PID, answer.sender);
    header.set(ValueLayout.JAVA_INT, Msghdr.MSG_FLAGS, answer.flags);
    MemorySegment piece = memory(header.get(ValueLayout.JAVA_LONG, Msghdr.MSG_IOV), Iovec.SIZEOF);
    ByteBuffer target =
        memory(
                piece.get(ValueLayout.JAVA_LONG, Iovec.IOV_BASE),
                piece.get(ValueLayout.JAVA_LONG, Iovec.IOV_LEN))
            .asByteBuffer();
    target.put(answer.datagram.duplicate());
    return answer.result;
  }
}
