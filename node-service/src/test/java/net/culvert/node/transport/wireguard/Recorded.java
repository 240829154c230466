package net.culvert.node.transport.wireguard;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Bytes of others, from the JSON files beside this class; the scripts that made them are there. */
final class Recorded {

  private static final JsonMapper JSON = new JsonMapper();

  private Recorded() {}

  static JsonNode read(String file) {
    try (InputStream in = requireNonNull(Recorded.class.getResourceAsStream(file), file)) {
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] bytes(JsonNode node, String name) {
    return HexFormat.of().parseHex(node.required(name).asString());
  }
}
