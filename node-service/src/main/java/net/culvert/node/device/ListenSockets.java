package net.culvert.node.device;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import net.culvert.api.value.IpAddress;
import net.culvert.api.value.ListenAddress;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.sys.SystemCallException;
import net.culvert.node.kernel.udp.DatagramBatchSocket;
import net.culvert.node.kernel.udp.DatagramSocketSpec;
import net.culvert.node.kernel.udp.DatagramSockets;
import net.culvert.node.kernel.udp.SocketSlot;

/**
 * The device's UDP sockets, one of each family that there is, both on one port. They stay in the
 * network namespace that the program was started in, and are bound only while the device is up. The
 * data plane closes them. One thread at a time.
 */
final class ListenSockets {

  private static final int NOMINAL_PORT = 51_820;
  private static final int FIRST_FREE_PORT = 49_152;
  private static final int LAST_FREE_PORT = 65_535;

  /** How many ports are tried where any will do. */
  private static final int PORT_ATTEMPTS = 100;

  private final Syscalls syscalls;
  private final RandomGenerator random;
  private final List<SocketSlot> slots;
  private int port;
  private int mark;

  private ListenSockets(Syscalls syscalls, RandomGenerator random, List<SocketSlot> slots) {
    this.syscalls = syscalls;
    this.random = random;
    this.slots = slots;
  }

  /**
   * Opens them, bound to nothing.
   *
   * @throws SystemCallException if there is neither family
   */
  static ListenSockets open(Syscalls syscalls, RandomGenerator random) {
    List<SocketSlot> slots = new ArrayList<>();
    try {
      for (String any : new String[] {"0.0.0.0", "::"}) {
        try {
          slots.add(DatagramSockets.openSlot(syscalls, spec(any, NOMINAL_PORT, 0)));
        } catch (SystemCallException e) {
          boolean last = any.equals("::") && slots.isEmpty();
          if (e.errno() != Errno.EAFNOSUPPORT || last) {
            throw e;
          }
        }
      }
    } catch (RuntimeException e) {
      slots.forEach(SocketSlot::close);
      throw e;
    }
    return new ListenSockets(syscalls, random, List.copyOf(slots));
  }

  private static DatagramSocketSpec spec(String address, int port, int mark) {
    return DatagramSocketSpec.of(new ListenAddress(IpAddress.parse(address), port))
        .withReceiveTrains(true)
        .withReceiveLinks(true)
        .withMark(mark);
  }

  /** For the data plane, which closes them. */
  List<DatagramBatchSocket> sockets() {
    return List.copyOf(slots);
  }

  boolean isBound() {
    return port != 0;
  }

  /**
   * Binds all of them, in place of what they were bound to.
   *
   * @param wished a port, or 0 for one that is free
   * @return the port
   * @throws SystemCallException EADDRINUSE and its like; they are bound as before then
   */
  int bind(int wished) {
    if (wished != 0 && wished == port) {
      return port;
    }
    for (int attempt = 1; ; attempt++) {
      int each = wished != 0 ? wished : random.nextInt(FIRST_FREE_PORT, LAST_FREE_PORT + 1);
      try {
        put(each);
        return each;
      } catch (SystemCallException e) {
        if (wished != 0 || e.errno() != Errno.EADDRINUSE || attempt == PORT_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private void put(int newPort) {
    List<DatagramBatchSocket> bound = new ArrayList<>();
    try {
      for (SocketSlot slot : slots) {
        String any = slot.local().address().toString();
        bound.add(DatagramSockets.open(syscalls, spec(any, newPort, mark)));
      }
      for (int i = 0; i < bound.size(); i++) {
        slots.get(i).put(bound.get(i));
      }
      port = newPort;
    } finally {
      // One that was put in its place is closed already, and closing twice is harmless.
      bound.forEach(DatagramBatchSocket::close);
    }
  }

  /** Lets go of the port. */
  void release() {
    if (port != 0) {
      port = 0;
      slots.forEach(SocketSlot::empty);
    }
  }

  /**
   * Marks what is sent from now on.
   *
   * @param newMark 0 for none
   * @throws SystemCallException where the kernel refuses
   */
  void mark(int newMark) {
    slots.forEach(slot -> slot.mark(newMark));
    mark = newMark;
  }
}
