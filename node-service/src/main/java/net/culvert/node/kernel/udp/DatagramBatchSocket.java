package net.culvert.node.kernel.udp;

import net.culvert.api.value.Family;
import net.culvert.api.value.ListenAddress;
import net.culvert.node.kernel.sys.FileDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Sends and receives datagrams in batches, and in trains where the kernel can segment and coalesce.
 *
 * <p>One thread receives and one thread, the same or another, sends; {@link #close} comes after
 * both have ended. No method blocks and none throws for what the network does: outcomes are
 * numbers, a count or a negated {@code errno}.
 */
public interface DatagramBatchSocket extends AutoCloseable {

  /** What it is bound to. */
  ListenAddress local();

  default Family family() {
    return local().family();
  }

  /**
   * Receives what has come, up to the batch's capacity; the batch is cleared first, and its
   * contents are lent until the next call.
   *
   * @return how many messages came, 0 if none was waiting, or a negated {@code errno}
   */
  int receive(ReceiveBatch batch);

  /**
   * Sends the messages from {@code first} on, in order.
   *
   * @return how many were taken, at least 1; or the negated {@code errno} of message {@code first},
   *     after which the caller may go on behind it. −EAGAIN: the send buffer is full
   */
  int send(SendBatch batch, int first);

  /**
   * Waits until the send buffer has room again.
   *
   * @param timeoutMillis upper bound of the wait
   * @return false if it is still full
   */
  boolean awaitSendable(int timeoutMillis);

  /** What to poll for input, or null where nothing of the kernel stands behind it. */
  @Nullable FileDescriptor descriptor();

  /** Whether the kernel hands over trains of datagrams as one message ({@code UDP_GRO}). */
  boolean receivesTrains();

  /** Buffer sizes that were asked for and got. */
  BufferSizes bufferSizes();

  /** Datagrams that the kernel threw away because the receive buffer was full; any thread. */
  long receiveQueueDrops();

  @Override
  void close();

  /**
   * Socket buffers in bytes, as the kernel counts them: with its own overhead, about twice the
   * payload.
   *
   * @param receiveAsked what was wished
   * @param receiveGot what {@code SO_RCVBUF} tells
   * @param sendAsked what was wished
   * @param sendGot what {@code SO_SNDBUF} tells
   */
  record BufferSizes(int receiveAsked, int receiveGot, int sendAsked, int sendGot) {}
}
