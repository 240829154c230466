package net.culvert.api.topology;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import tools.jackson.databind.JsonNode;

/**
 * A JSON merge patch (RFC 7396) of a topology: an object with the members that change; {@code null}
 * takes one away.
 */
public record TopologyPatch(JsonNode patch) {

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public TopologyPatch {}

  @Override
  @JsonValue
  public JsonNode patch() {
    return patch;
  }
}
