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

  public Endpoint {
    ListenAddress.requirePort(port);
  }

  @JsonCreator
  public static Endpoint parse(String text) {
    HostAndPort parts = HostAndPort.parse(text);
    if (parts.bracketed() || parts.host().matches("[0-9.]+")) {
      IpAddress address = IpAddress.parse(parts.host());
      requireUnicast(address);
      return new Endpoint(address.toString(), parts.port());
    }
    String name = parts.host().toLowerCase(Locale.ROOT);
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          quote(parts.host()) + " is neither an address nor a host name");
    }
    return new Endpoint(name, parts.port());
  }

  public static Endpoint of(IpAddress address, int port) {
    requireUnicast(address);
    return new Endpoint(address.toString(), port);
  }

  private static void requireUnicast(IpAddress address) {
    if (address.isUnspecified()
        || address.isMulticast()
        || address.equals(IpAddress.parse("255.255.255.255"))) {
      throw new IllegalArgumentException(address + " is not the address of one host");
    }
  }

  /** The address, if the host was given as one; empty for a host name. */
  public Optional<IpAddress> address() {
    boolean literal = host.indexOf(':') >= 0 || host.matches("[0-9.]+");
    return literal ? Optional.of(IpAddress.parse(host)) : Optional.empty();
  }

  @Override
  @JsonValue
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}
