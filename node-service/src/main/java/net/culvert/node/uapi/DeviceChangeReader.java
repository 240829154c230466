package net.culvert.node.uapi;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import net.culvert.api.tunnel.PeerSpec;
import net.culvert.api.value.Endpoint;
import net.culvert.api.value.Prefix;
import net.culvert.api.value.PublicKey;
import net.culvert.api.value.SecretKey;
import net.culvert.node.uapi.DeviceChange.PeerChange;
import net.culvert.node.uapi.DeviceChange.PrefixChange;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@code key=value} lines of a {@code set=1} of the cross-platform WireGuard interface,
 * one after the other. Pure; one thread.
 */
public final class DeviceChangeReader {

  /** More lines than the largest device needs. */
  public static final int MAX_LINES = PeerSpec.MAX_PREFIXES + 8 * PeerSpec.MAX_PEERS;

  private static final int KEY_BYTES = 32;
  private static final int LARGEST_PORT = 65_535;
  private static final long LARGEST_MARK = 0xffff_ffffL;

  private @Nullable SecretKey privateKey;
  private @Nullable Integer listenPort;
  private @Nullable Long firewallMark;
  private boolean replacePeers;
  private final List<PeerChange> peers = new ArrayList<>();
  private @Nullable Peer peer;
  private int lines;

  private static final class Peer {
    private final PublicKey publicKey;
    private boolean remove;
    private boolean updateOnly;
    private @Nullable SecretKey presharedKey;
    private @Nullable Endpoint endpoint;
    private @Nullable Integer keepaliveSeconds;
    private boolean replacePrefixes;
    private final List<PrefixChange> prefixes = new ArrayList<>();

    Peer(PublicKey publicKey) {
      this.publicKey = publicKey;
    }

    PeerChange finish() {
      return new PeerChange(
          publicKey,
          remove,
          updateOnly,
          presharedKey,
          endpoint,
          keepaliveSeconds,
          replacePrefixes,
          List.copyOf(prefixes));
    }
  }

  /**
   * Takes one line.
   *
   * @throws IllegalArgumentException if nobody could mean that; the message repeats no secret
   */
  public void line(String line) {
    if (++lines > MAX_LINES) {
      throw new IllegalArgumentException("more lines than a device has");
    }
    int equals = line.indexOf('=');
    if (equals < 0) {
      throw new IllegalArgumentException("a line is key=value");
    }
    String key = line.substring(0, equals);
    String value = line.substring(equals + 1);
    if (key.equals("public_key")) {
      endPeer();
      peer = new Peer(new PublicKey(base64(bytes(value))));
    } else if (peer == null) {
      ofDevice(key, value);
    } else {
      ofPeer(peer, key, value);
    }
  }

  private void ofDevice(String key, String value) {
    switch (key) {
      case "private_key" -> privateKey = secret(value);
      case "listen_port" -> listenPort = (int) number(value, LARGEST_PORT);
      case "fwmark" -> firewallMark = value.isEmpty() ? 0 : number(value, LARGEST_MARK);
      case "replace_peers" -> replacePeers = isTrue(value);
      default -> throw new IllegalArgumentException("a device has no such key");
    }
  }

  private static void ofPeer(Peer peer, String key, String value) {
    switch (key) {
      case "remove" -> peer.remove = isTrue(value);
      case "update_only" -> peer.updateOnly = isTrue(value);
      case "preshared_key" -> peer.presharedKey = secret(value);
      case "endpoint" -> peer.endpoint = endpoint(value);
      case "persistent_keepalive_interval" ->
          peer.keepaliveSeconds = (int) number(value, LARGEST_PORT);
      case "replace_allowed_ips" -> {
        peer.replacePrefixes = isTrue(value);
        peer.prefixes.clear();
      }
      case "allowed_ip" -> {
        boolean remove = value.startsWith("-");
        String text = remove || value.startsWith("+") ? value.substring(1) : value;
        peer.prefixes.add(new PrefixChange(Prefix.parseLenient(text), remove));
      }
      case "protocol_version" -> {
        if (!value.equals("1")) {
          throw new IllegalArgumentException("the protocol is of version 1");
        }
      }
      default -> throw new IllegalArgumentException("a peer has no such key");
    }
  }

  private static Endpoint endpoint(String value) {
    Endpoint endpoint = Endpoint.parse(value);
    if (endpoint.address().isEmpty()) {
      throw new IllegalArgumentException("an endpoint has an address here; tools resolve names");
    }
    return endpoint;
  }

  private static boolean isTrue(String value) {
    if (!value.equals("true")) {
      throw new IllegalArgumentException("the only value is true");
    }
    return true;
  }

  private static long number(String value, long largest) {
    boolean digits =
        !value.isEmpty()
            && value.length() <= 10
            && value.chars().allMatch(c -> c >= '0' && c <= '9');
    long number = digits ? Long.parseLong(value) : -1;
    if (number < 0 || number > largest) {
      throw new IllegalArgumentException("a number here is 0 to " + largest);
    }
    return number;
  }

  private static byte[] bytes(String hex) {
    byte[] bytes;
    try {
      bytes = HexFormat.of().parseHex(hex);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("a key is hexadecimal", null);
    }
    if (bytes.length != KEY_BYTES) {
      throw new IllegalArgumentException("a key has " + KEY_BYTES + " bytes");
    }
    return bytes;
  }

  /** A key of zeros stands for none. */
  private static SecretKey secret(String hex) {
    byte[] bytes = bytes(hex);
    for (byte each : bytes) {
      if (each != 0) {
        return new SecretKey(base64(bytes));
      }
    }
    return SecretKey.NONE;
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private void endPeer() {
    if (peer != null) {
      peers.add(peer.finish());
      peer = null;
    }
  }

  /** All that was read. */
  public DeviceChange finish() {
    endPeer();
    return new DeviceChange(privateKey, listenPort, firewallMark, replacePeers, List.copyOf(peers));
  }
}
