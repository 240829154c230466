package net.culvert.api.route;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import net.culvert.api.value.Family;
import net.culvert.api.value.Prefix;
import org.jspecify.annotations.Nullable;

/**
 * Where a route leads: a prefix, or {@code default}, whose family is that of the route's gateway.
 *
 * @param prefix null for {@code default}
 */
@Schema(type = "string", description = "A prefix, or `default`.", example = "10.9.9.0/24")
public record RouteDestination(@Nullable Prefix prefix) {

  @JsonCreator
  public static RouteDestination parse(String text) {
    return new RouteDestination(text.equals("default") ? null : Prefix.parse(text));
  }

  /** The prefix meant when the gateway, if any, is of that family. */
  public Prefix resolve(Family gatewayFamily) {
    if (prefix != null) {
      return prefix;
    }
    return gatewayFamily == Family.IPV4 ? Prefix.IPV4_DEFAULT : Prefix.IPV6_DEFAULT;
  }

  @Override
  @JsonValue
  public String toString() {
    return prefix == null ? "default" : prefix.toString();
  }
}
