package net.culvert.node.kernel.netlink;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.abi.Netlink;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.sys.SystemCallException;
import org.jspecify.annotations.Nullable;

/**
 * A netlink socket for requests. It belongs to the network namespace that it was opened in and can
 * be used from any platform thread; calls wait for each other.
 *
 * <p>Every request asks for an acknowledgement, and answers are matched by sequence number: what
 * arrives late, after a call gave up, is passed over by the next.
 */
public final class NetlinkSocket implements AutoCloseable {

  /** The kernel answers before send returns; this bounds a wait for one that never comes. */
  static final int RECEIVE_TIMEOUT_MILLIS = 5_000;

  /** Most requests of one send: their answers must fit into the receive buffer. */
  static final int MAX_REQUESTS_PER_SEND = 128;

  /** A dump that the kernel reports as interrupted by a change begins anew at most so often. */
  static final int MAX_DUMP_ATTEMPTS = 10;

  /** A call gives up after so many datagrams that are no answer to it. */
  private static final int MAX_STRAY_DATAGRAMS = 10_000;

  private static final int RECEIVE_BUFFER_BYTES = 2 << 20;

  private final NetlinkChannel channel;
  private final ReentrantLock lock = new ReentrantLock();
  private int nextSequence = 1;

  private NetlinkSocket(NetlinkChannel channel) {
    this.channel = channel;
  }

  /** Takes one message that answers a request. */
  @FunctionalInterface
  public interface MessageHandler {
    /**
     * @param request index of the request that is answered
     * @param message lent until this returns
     */
    void onMessage(int request, NetlinkMessage message);
  }

  /**
   * Opens a socket in the calling thread's namespace.
   *
   * @param protocol such as NETLINK_ROUTE
   * @throws SystemCallException as socket(2) and bind(2)
   */
  public static NetlinkSocket open(Syscalls syscalls, int protocol) {
    NetlinkChannel channel = NetlinkChannel.open(syscalls, protocol, 0);
    try {
      channel.receiveTimeout(RECEIVE_TIMEOUT_MILLIS);
      channel.receiveBuffer(RECEIVE_BUFFER_BYTES);
      // Each only adds to what the kernel tells or checks: one that does not know it serves too.
      channel.tryOption(Netlink.NETLINK_EXT_ACK, 1);
      channel.tryOption(Netlink.NETLINK_CAP_ACK, 1);
      channel.tryOption(Netlink.NETLINK_GET_STRICT_CHK, 1);
      return new NetlinkSocket(channel);
    } catch (RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Sends one request and waits for its acknowledgement.
   *
   * @throws NetlinkException where the kernel refuses
   */
  public void execute(NetlinkRequest request) {
    exchange(List.of(request), (index, message) -> {}).getFirst().orThrow();
  }

  /**
   * Sends requests in as few system calls as their size allows, and waits for every
   * acknowledgement. The kernel does them in their order and goes on after one that it refused.
   *
   * @param handler gets what the kernel answers beside acknowledgements
   * @return one outcome a request, in the order of the requests
   * @throws SystemCallException where the socket fails; what became of the requests is then unknown
   */
  public List<Outcome> exchange(List<NetlinkRequest> requests, MessageHandler handler) {
    Outcome[] outcomes = new Outcome[requests.size()];
    lock.lock();
    NetlinkChannel.Buffers buffers = NetlinkChannel.Buffers.take();
    try {
      int from = 0;
      while (from < requests.size()) {
        int count = 0;
        int base = nextSequence;
        buffers.clear();
        while (from + count < requests.size()
            && count < MAX_REQUESTS_PER_SEND
            && buffers.append(
                requests.get(from + count),
                Netlink.NLM_F_REQUEST | Netlink.NLM_F_ACK,
                base + count)) {
          count++;
        }
        nextSequence += count;
        channel.send(buffers);
        receive(buffers, requests.subList(from, from + count), base, from, handler, outcomes);
        from += count;
      }
    } finally {
      buffers.giveBack();
      lock.unlock();
    }
    return Arrays.asList(outcomes);
  }

  /** Receives until each of the requests from {@code base} on has its outcome. */
  private void receive(
      NetlinkChannel.Buffers buffers,
      List<NetlinkRequest> requests,
      int base,
      int first,
      MessageHandler handler,
      @Nullable Outcome[] outcomes) {
    int[] pending = {requests.size()};
    for (int datagrams = 0; pending[0] > 0; datagrams++) {
      giveUpAfter(datagrams - 2 * requests.size());
      if (!channel.receive(buffers)) {
        continue;
      }
      NetlinkMessage.forEach(
          buffers.received(),
          message -> {
            int index = message.sequence() - base;
            if (index < 0 || index >= requests.size() || outcomes[first + index] != null) {
              return;
            }
            if (message.type() == Netlink.NLMSG_ERROR) {
              outcomes[first + index] = Acknowledgement.ofError(message, requests.get(index));
              pending[0]--;
            } else if (message.type() >= Netlink.NLMSG_MIN_TYPE) {
              handler.onMessage(first + index, message);
            }
          });
    }
  }

  /**
   * Reads a whole table. The kernel may change it meanwhile, says so, and then the reading begins
   * anew.
   *
   * @param request with NLM_F_DUMP
   * @param parser makes one element of a message, or null to leave it out
   * @throws NetlinkException where the kernel refuses, or EINTR where the table did not stand still
   *     for one of {@link #MAX_DUMP_ATTEMPTS} readings
   */
  public <T> List<T> dump(
      NetlinkRequest request, Function<NetlinkMessage, ? extends @Nullable T> parser) {
    lock.lock();
    NetlinkChannel.Buffers buffers = NetlinkChannel.Buffers.take();
    try {
      for (int attempt = 0; attempt < MAX_DUMP_ATTEMPTS; attempt++) {
        Dump<T> dump = new Dump<>(request, nextSequence++, parser);
        buffers.clear();
        buffers.append(request, Netlink.NLM_F_REQUEST | Netlink.NLM_F_DUMP, dump.sequence);
        channel.send(buffers);
        for (int datagrams = 0; dump.outcome == null; ) {
          if (channel.receive(buffers)) {
            int before = dump.messages;
            NetlinkMessage.forEach(buffers.received(), dump::onMessage);
            datagrams = dump.messages == before ? datagrams + 1 : 0;
          } else {
            datagrams++;
          }
          giveUpAfter(datagrams);
        }
        if (dump.isComplete()) {
          return dump.elements;
        }
      }
      throw new NetlinkException(
          request.operation(),
          request.object(),
          Errno.EINTR,
          "the table changed during each of " + MAX_DUMP_ATTEMPTS + " readings",
          NetlinkException.NONE,
          NetlinkException.NONE);
    } finally {
      buffers.giveBack();
      lock.unlock();
    }
  }

  private static void giveUpAfter(int strayDatagrams) {
    if (strayDatagrams > MAX_STRAY_DATAGRAMS) {
      throw new SystemCallException(
          "recvmsg", Errno.EPROTO, "netlink: " + strayDatagrams + " datagrams and no answer");
    }
  }

  @Override
  public void close() {
    channel.close();
  }

  /** One reading of a table, from the request to its NLMSG_DONE. */
  private static final class Dump<T> {
    private final NetlinkRequest request;
    private final int sequence;
    private final Function<NetlinkMessage, ? extends @Nullable T> parser;
    private final List<T> elements = new ArrayList<>();
    private int messages;
    private boolean interrupted;
    private @Nullable RuntimeException parserFailure;
    private @Nullable Outcome outcome;

    Dump(
        NetlinkRequest request,
        int sequence,
        Function<NetlinkMessage, ? extends @Nullable T> parser) {
      this.request = request;
      this.sequence = sequence;
      this.parser = parser;
    }

    void onMessage(NetlinkMessage message) {
      if (message.sequence() != sequence || outcome != null) {
        return;
      }
      messages++;
      interrupted |= message.isInterrupted();
      switch (message.type()) {
        case Netlink.NLMSG_DONE -> outcome = Acknowledgement.ofDone(message, request);
        case Netlink.NLMSG_ERROR -> outcome = Acknowledgement.ofError(message, request);
        default -> parse(message);
      }
    }

    private void parse(NetlinkMessage message) {
      if (parserFailure != null) {
        return;
      }
      try {
        T element = parser.apply(message);
        if (element != null) {
          elements.add(element);
        }
      } catch (RuntimeException e) {
        // Thrown at the end: until the dump has been read the kernel would refuse the next one.
        parserFailure = e;
      }
    }

    /** Whether the elements are the table; false to read again. */
    boolean isComplete() {
      NetlinkException failure = outcome == null ? null : outcome.failure();
      if (failure != null && failure.errno() != Errno.EBUSY && failure.errno() != Errno.EINTR) {
        throw failure;
      }
      if (failure != null || interrupted) {
        return false;
      }
      if (parserFailure != null) {
        throw parserFailure;
      }
      return true;
    }
  }
}
