package net.culvert.node.dataplane;

import java.util.Locale;
import net.culvert.node.kernel.abi.Errno;

/** Why a packet went no further. The set is closed; each member is a counter and a sentence. */
public enum DropReason {
  MALFORMED("It is no IP packet, or its lengths contradict each other or what arrived."),
  BAD_CHECKSUM("The checksum in its header is wrong, so it was damaged on the way."),
  NO_PEER("No peer's allowed prefixes contain its destination."),
  NO_ENDPOINT("Its peer has no endpoint, and none has been learned yet."),
  NO_SOCKET("The tunnel listens on no address of the family of the peer's endpoint."),
  TOO_BIG("It does not fit the path to its peer and must not be fragmented."),
  SEND_TOO_BIG("The kernel refused its datagram as larger than the path allows (EMSGSIZE)."),
  SEND_REFUSED("The peer's host said that nobody listens on its port (ECONNREFUSED)."),
  SEND_UNREACHABLE("The kernel has no way to the peer's endpoint (ENETUNREACH, EHOSTUNREACH)."),
  SEND_NOT_PERMITTED("A firewall of this host forbids the datagram (EPERM, EACCES)."),
  SEND_NO_BUFFERS("The kernel was out of buffers, also after several tries (ENOBUFS, ENOMEM)."),
  SEND_QUEUE_FULL("The socket's send buffer stayed full (EAGAIN)."),
  SEND_FAILED("The kernel refused the datagram for another reason."),
  TRUNCATED("The datagram is larger than the largest UDP payload that is received."),
  SOURCE_NOT_ALLOWED("No peer's allowed prefixes contain its source."),
  ENDPOINT_NOT_ALLOWED("It came from another endpoint than that of the peer who owns its source."),
  NOT_AUTHENTIC("It was made by nobody who has the keys, or it was changed on the way."),
  REPLAYED("It came before, or is too old to tell whether it did."),
  NO_SESSION("There is no session with its peer: it has ended, or none came about."),
  OTHER_SUITE("It is of another cipher suite than the tunnel's; both ends must have the same."),
  HANDSHAKES_LIMITED("More handshakes were asked for than are answered."),
  TUN_DOWN("The TUN device is down."),
  TUN_WRITE_FAILED("The kernel refused the packet on the TUN device.");

  private final String sentence;
  private final String label;

  DropReason(String sentence) {
    this.sentence = sentence;
    this.label = name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** One sentence for a reader who asks why. */
  public String sentence() {
    return sentence;
  }

  /** The name in metrics, events and the REST API, such as {@code no-peer}. */
  public String label() {
    return label;
  }

  /** The reason behind a positive {@code errno} of a send. */
  static DropReason ofSend(int errno) {
    return switch (errno) {
      case Errno.EMSGSIZE -> SEND_TOO_BIG;
      case Errno.ECONNREFUSED -> SEND_REFUSED;
      case Errno.ENETUNREACH, Errno.EHOSTUNREACH, Errno.ENETDOWN, Errno.EHOSTDOWN ->
          SEND_UNREACHABLE;
      case Errno.EPERM, Errno.EACCES -> SEND_NOT_PERMITTED;
      case Errno.ENOBUFS, Errno.ENOMEM -> SEND_NO_BUFFERS;
      case Errno.EAGAIN -> SEND_QUEUE_FULL;
      default -> SEND_FAILED;
    };
  }

  /** The reason behind a positive {@code errno} of a write to the device. */
  static DropReason ofTunWrite(int errno) {
    return errno == Errno.EIO ? TUN_DOWN : TUN_WRITE_FAILED;
  }
}
