package net.culvert.node.kernel.udp;

/**
 * A place that one UDP socket after the other takes, while who sends, receives and polls holds on
 * to the place: its descriptor keeps its number. Who polls it should be woken after a change.
 */
public interface SocketSlot extends DatagramBatchSocket {

  /**
   * Puts a bound socket into the place of the one that was there, which is closed. Datagrams that
   * waited in that are lost. Any thread, one at a time.
   *
   * @param bound of the same family; used up
   * @throws net.culvert.node.kernel.sys.SystemCallException EMFILE and its like; nothing has
   *     changed then
   */
  void put(DatagramBatchSocket bound);

  /**
   * Puts a socket there that is bound to nothing, so that the address is free and nothing comes.
   *
   * @throws net.culvert.node.kernel.sys.SystemCallException EMFILE and its like
   */
  void empty();

  /**
   * Marks what is sent from now on ({@code SO_MARK}).
   *
   * @param mark 0 for none
   * @throws net.culvert.node.kernel.sys.SystemCallException EPERM without {@code CAP_NET_ADMIN}
   */
  void mark(int mark);
}
