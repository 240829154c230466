package net.culvert.api.value;

import static net.culvert.api.value.IpAddress.quote;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a peer's datagrams go: a host and a UDP port, such as {@code 192.0.2.2:7000}, {@code
 * [2001:db8::1]:7000} or {@code gate.example:7000}.
 *
 * @param host an address in canonical form, or a host name in lower case
 * @param port 1 to 65535
 */
@Schema(
    type = "string",
    description = "A host and a UDP port; IPv6 in brackets.",
    example = "192.0.2.2:7000")
public record Endpoint(String host, int port) {

  private static final Pattern NAME =
      Pattern.compile(
          "(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,62})(\\.[a-z0-9_][a-z0-9_-]{0,62})*\\.?");

  /** No top-level domain is a number, and some resolvers read such a name as an address. */
  private static final Pattern NUMBER_AT_END = Pattern.compile("(.*\\.)?(0x[0-9a-f]*|[0-9]+)\\.?");

  public Endpoint {
    host = canonical(host);
    ListenAddress.requirePort(port);
  }

  @JsonCreator
  public static Endpoint parse(String text) {
    HostAndPort parts = HostAndPort.parse(text);
    return new Endpoint(parts.host(), parts.port());
  }

  public static Endpoint of(IpAddress address, int port) {
    return new Endpoint(address.toString(), port);
  }

  private static String canonical(String host) {
    if (isLiteral(host)) {
      IpAddress address = IpAddress.parse(host);
      if (address.isUnspecified() || address.isMulticast() || address.isBroadcast()) {
        throw new IllegalArgumentException(address + " is not the address of one host");
      }
      return address.toString();
    }
    String name = host.toLowerCase(Locale.ROOT);
    if (!NAME.matcher(name).matches() || NUMBER_AT_END.matcher(name).matches()) {
      throw new IllegalArgumentException(quote(host) + " is neither an address nor a host name");
    }
    return name;
  }

  private static boolean isLiteral(String host) {
    return host.indexOf(':') >= 0 || host.matches("[0-9.]+");
  }

  /** The address, if the host was given as one; empty for a host name. */
  public Optional<IpAddress> address() {
    return isLiteral(host) ? Optional.of(IpAddress.parse(host)) : Optional.empty();
  }

  @Override
  @JsonValue
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}
