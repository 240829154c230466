package net.culvert.node.kernel.udp;

import net.culvert.api.value.ListenAddress;

/**
 * How a socket is to be opened.
 *
 * @param listen what to bind to; IPv6 is bound {@code IPV6_V6ONLY}
 * @param reusePort whether others of this user may bind the same, each getting some of the senders
 * @param receiveBufferBytes wished payload bytes of {@code SO_RCVBUF}
 * @param sendBufferBytes wished payload bytes of {@code SO_SNDBUF}
 * @param receiveTrains whether to ask for {@code UDP_GRO}
 * @param receiveLinks whether {@link ReceiveBatch#localLink} tells by which link a message came
 * @param mark of what is sent ({@code SO_MARK}); 0 for none
 */
public record DatagramSocketSpec(
    ListenAddress listen,
    boolean reusePort,
    int receiveBufferBytes,
    int sendBufferBytes,
    boolean receiveTrains,
    boolean receiveLinks,
    int mark) {

  /** 7 MiB, which holds 10 ms at 5 Gbit/s with the kernel's own overhead. */
  public static final int DEFAULT_BUFFER_BYTES = 7 << 20;

  /** One socket for itself, with large buffers, that receives datagrams one by one. */
  public static DatagramSocketSpec of(ListenAddress listen) {
    return new DatagramSocketSpec(
        listen, false, DEFAULT_BUFFER_BYTES, DEFAULT_BUFFER_BYTES, false, false, 0);
  }

  public DatagramSocketSpec withReceiveTrains(boolean wished) {
    return new DatagramSocketSpec(
        listen, reusePort, receiveBufferBytes, sendBufferBytes, wished, receiveLinks, mark);
  }

  public DatagramSocketSpec withReceiveLinks(boolean wished) {
    return new DatagramSocketSpec(
        listen, reusePort, receiveBufferBytes, sendBufferBytes, receiveTrains, wished, mark);
  }

  public DatagramSocketSpec withReusePort(boolean shared) {
    return new DatagramSocketSpec(
        listen, shared, receiveBufferBytes, sendBufferBytes, receiveTrains, receiveLinks, mark);
  }

  public DatagramSocketSpec withBuffers(int receiveBytes, int sendBytes) {
    return new DatagramSocketSpec(
        listen, reusePort, receiveBytes, sendBytes, receiveTrains, receiveLinks, mark);
  }

  public DatagramSocketSpec withMark(int wished) {
    return new DatagramSocketSpec(
        listen,
        reusePort,
        receiveBufferBytes,
        sendBufferBytes,
        receiveTrains,
        receiveLinks,
        wished);
  }
}
