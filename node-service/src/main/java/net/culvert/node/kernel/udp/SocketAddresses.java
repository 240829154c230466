package net.culvert.node.kernel.udp;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import net.culvert.api.value.Family;
import net.culvert.api.value.IpAddress;
import net.culvert.node.kernel.abi.In.SockaddrIn;
import net.culvert.node.kernel.abi.In.SockaddrIn6;
import net.culvert.node.kernel.abi.Socket;
import net.culvert.node.packet.Bytes;

/** {@code struct sockaddr_in} and {@code struct sockaddr_in6}. */
final class SocketAddresses {

  private SocketAddresses() {}

  /** Writes all bytes of the structure and answers how many they are. */
  static int write(MemorySegment memory, long at, UdpEndpoint endpoint) {
    IpAddress address = endpoint.address();
    if (address.family() == Family.IPV4) {
      memory.set(ValueLayout.JAVA_SHORT, at + SockaddrIn.SIN_FAMILY, (short) Socket.AF_INET);
      Bytes.putU16(memory, at + SockaddrIn.SIN_PORT, endpoint.port());
      Bytes.putI32(memory, at + SockaddrIn.SIN_ADDR, (int) address.low());
      memory.set(ValueLayout.JAVA_LONG_UNALIGNED, at + SockaddrIn.SIN_ADDR + 4, 0L);
      return SockaddrIn.SIZEOF;
    }
    memory.set(ValueLayout.JAVA_SHORT, at + SockaddrIn6.SIN6_FAMILY, (short) Socket.AF_INET6);
    Bytes.putU16(memory, at + SockaddrIn6.SIN6_PORT, endpoint.port());
    memory.set(ValueLayout.JAVA_INT, at + SockaddrIn6.SIN6_FLOWINFO, 0);
    Bytes.putI64(memory, at + SockaddrIn6.SIN6_ADDR, address.high());
    Bytes.putI64(memory, at + SockaddrIn6.SIN6_ADDR + 8, address.low());
    memory.set(ValueLayout.JAVA_INT, at + SockaddrIn6.SIN6_SCOPE_ID, endpoint.scopeId());
    return SockaddrIn6.SIZEOF;
  }
}
