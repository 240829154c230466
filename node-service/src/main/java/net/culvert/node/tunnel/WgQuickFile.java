package net.culvert.node.tunnel;

import static net.culvert.node.reconcile.WishRefusedException.invalid;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import net.culvert.api.tunnel.PeerSpec;
import net.culvert.api.tunnel.TunnelSpec;
import net.culvert.api.value.Endpoint;
import net.culvert.api.value.InterfaceAddress;
import net.culvert.api.value.IpAddress;
import net.culvert.api.value.Prefix;
import net.culvert.api.value.PublicKey;
import net.culvert.api.value.SecretKey;
import net.culvert.node.uapi.DeviceChange.PeerChange;
import net.culvert.node.uapi.DeviceChange.PrefixChange;
import org.jspecify.annotations.Nullable;

/**
 * A configuration as {@code wg-quick(8)} reads it. Keys are matched without case, as there. What it
 * would have a shell run is refused; {@code DNS} and {@code SaveConfig} are the host's business and
 * passed over.
 *
 * @param installRoutes whether its {@code Table} asks for routes; without one there are none
 */
record WgQuickFile(
    @Nullable SecretKey privateKey,
    @Nullable Integer listenPort,
    List<InterfaceAddress> addresses,
    @Nullable Integer mtu,
    boolean installRoutes,
    List<PeerChange> peers) {

  private static final Set<String> COMMANDS = Set.of("preup", "postup", "predown", "postdown");
  private static final Set<String> PASSED_OVER = Set.of("dns", "saveconfig");

  /**
   * Reads a file.
   *
   * @throws net.culvert.node.reconcile.WishRefusedException naming the line that cannot be
   */
  static WgQuickFile parse(String text) {
    return new Parser().parse(text);
  }

  private static final class Parser {
    private @Nullable SecretKey privateKey;
    private @Nullable Integer listenPort;
    private final List<InterfaceAddress> addresses = new ArrayList<>();
    private @Nullable Integer mtu;
    private boolean installRoutes;
    private final List<PeerChange> peers = new ArrayList<>();
    private String section = "";
    private @Nullable Peer peer;

    WgQuickFile parse(String text) {
      int number = 0;
      boolean hasInterface = false;
      for (String raw : text.lines().toList()) {
        String field = "line " + ++number;
        String line = raw.replaceFirst("#.*", "").strip();
        if (line.isEmpty()) {
          continue;
        }
        if (line.startsWith("[")) {
          finishPeer();
          section = line.toLowerCase(Locale.ROOT);
          switch (section) {
            case "[interface]" -> hasInterface = true;
            case "[peer]" -> peer = new Peer(field);
            default -> throw invalid(field, "a section is [Interface] or [Peer]");
          }
          continue;
        }
        int equals = line.indexOf('=');
        if (equals < 0) {
          throw invalid(field, "a line is a section or Key = value");
        }
        String key = line.substring(0, equals).strip().toLowerCase(Locale.ROOT);
        String value = line.substring(equals + 1).strip();
        try {
          take(field, key, value);
        } catch (IllegalArgumentException e) {
          throw invalid(field, String.valueOf(e.getMessage()));
        }
      }
      finishPeer();
      if (!hasInterface) {
        throw invalid("line " + Math.max(1, number), "there is no [Interface]");
      }
      return new WgQuickFile(
          privateKey, listenPort, List.copyOf(addresses), mtu, installRoutes, List.copyOf(peers));
    }

    private void take(String field, String key, String value) {
      if (section.equals("[interface]")) {
        ofInterface(field, key, value);
      } else if (peer != null) {
        ofPeer(field, peer, key, value);
      } else {
        throw invalid(field, "stands in no section");
      }
    }

    private void ofInterface(String field, String key, String value) {
      if (COMMANDS.contains(key)) {
        throw invalid(field, "a node runs no commands for anybody; leave this line out");
      }
      if (PASSED_OVER.contains(key)) {
        return;
      }
      switch (key) {
        case "privatekey" -> privateKey = SecretKey.parse(value);
        case "listenport" -> listenPort = number(value, 1, 65_535);
        case "address" -> list(value).forEach(each -> addresses.add(address(each)));
        case "mtu" -> mtu = number(value, 68, 65_535);
        case "table" -> installRoutes = table(field, value);
        case "fwmark" -> {
          if (!value.equals("0") && !value.equalsIgnoreCase("off")) {
            throw invalid(field, "tunnels have no firewall mark");
          }
        }
        default -> throw invalid(field, "an [Interface] has no such key");
      }
    }

    private static boolean table(String field, String value) {
      return switch (value.toLowerCase(Locale.ROOT)) {
        case "off" -> false;
        case "auto", "main", "254" -> true;
        default -> throw invalid(field, "routes are made in the main table only: auto or off");
      };
    }

    private static void ofPeer(String field, Peer peer, String key, String value) {
      switch (key) {
        case "publickey" -> peer.publicKey = PublicKey.parse(value);
        case "presharedkey" -> peer.presharedKey = SecretKey.parse(value);
        case "endpoint" -> peer.endpoint = Endpoint.parse(value);
        case "allowedips" ->
            list(value)
                .forEach(
                    each -> peer.prefixes.add(new PrefixChange(Prefix.parseLenient(each), false)));
        case "persistentkeepalive" ->
            peer.keepalive = value.equalsIgnoreCase("off") ? 0 : number(value, 0, 65_535);
        default -> throw invalid(field, "a [Peer] has no such key");
      }
    }

    private static List<String> list(String value) {
      return List.of(value.split(",")).stream()
          .map(String::strip)
          .filter(each -> !each.isEmpty())
          .toList();
    }

    private static InterfaceAddress address(String text) {
      if (text.indexOf('/') >= 0) {
        return InterfaceAddress.parse(text);
      }
      return InterfaceAddress.parse(text + "/" + IpAddress.parse(text).family().bits());
    }

    private static int number(String value, int least, int most) {
      boolean digits =
          !value.isEmpty()
              && value.length() <= 6
              && value.chars().allMatch(c -> c >= '0' && c <= '9');
      int number = digits ? Integer.parseInt(value) : -1;
      if (number < least || number > most) {
        throw new IllegalArgumentException("a number from " + least + " to " + most + " is wanted");
      }
      return number;
    }

    private void finishPeer() {
      if (peer != null) {
        peers.add(peer.finish());
        peer = null;
      }
    }
  }

  private static final class Peer {
    private final String field;
    private @Nullable PublicKey publicKey;
    private @Nullable SecretKey presharedKey;
    private @Nullable Endpoint endpoint;
    private int keepalive;
    private final List<PrefixChange> prefixes = new ArrayList<>();

    Peer(String field) {
      this.field = field;
    }

    PeerChange finish() {
      PublicKey key = publicKey;
      if (key == null) {
        throw invalid(field, "a [Peer] has a PublicKey");
      }
      return new PeerChange(
          key,
          false,
          false,
          presharedKey == null ? SecretKey.NONE : presharedKey,
          endpoint,
          keepalive,
          true,
          List.copyOf(prefixes));
    }
  }

  /** A tunnel and its peers as such a file, without secrets. */
  static String write(TunnelSpec tunnel, List<PeerSpec> peers) {
    StringBuilder text = new StringBuilder("[Interface]\n# PrivateKey is kept by the node\n");
    line(text, "ListenPort", TunnelDefaults.listen(tunnel).getFirst().port());
    if (tunnel.addresses() != null) {
      tunnel.addresses().forEach(address -> line(text, "Address", address));
    }
    if (tunnel.mtu() != null) {
      line(text, "MTU", tunnel.mtu());
    }
    boolean routes = peers.stream().anyMatch(TunnelDefaults::installRoutes);
    line(text, "Table", routes ? "auto" : "off");
    for (PeerSpec peer : peers) {
      text.append("\n[Peer]\n");
      line(text, "PublicKey", peer.publicKey());
      if (peer.presharedKey() != null) {
        text.append("# PresharedKey is kept by the node\n");
      }
      line(text, "Endpoint", peer.endpoint());
      if (!peer.allowedPrefixes().isEmpty()) {
        line(text, "AllowedIPs", join(peer.allowedPrefixes()));
      }
      if (peer.persistentKeepalive() != null && peer.persistentKeepalive() != 0) {
        line(text, "PersistentKeepalive", peer.persistentKeepalive());
      }
    }
    return text.toString();
  }

  static String join(List<Prefix> prefixes) {
    return String.join(", ", prefixes.stream().map(Prefix::toString).toList());
  }

  static void line(StringBuilder text, String key, @Nullable Object value) {
    if (value != null) {
      text.append(key).append(" = ").append(value).append('\n');
    }
  }
}
