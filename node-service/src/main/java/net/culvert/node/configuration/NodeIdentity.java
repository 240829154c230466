package net.culvert.node.configuration;

import java.util.UUID;
import net.culvert.api.value.ResourceName;

/**
 * Which node this is.
 *
 * @param id kept in the state directory, part of the mark on everything that the node makes
 * @param name for people
 */
public record NodeIdentity(UUID id, ResourceName name) {

  private static final String FILE = "node-id";

  /** The id of the file {@code node-id}, made at the first start. */
  static NodeIdentity of(StateDirectory state, ResourceName name) {
    String text = state.readOrCreate(FILE, () -> UUID.randomUUID().toString());
    try {
      UUID id = UUID.fromString(text);
      if (id.toString().equals(text)) {
        return new NodeIdentity(id, name);
      }
    } catch (IllegalArgumentException e) {
      // Refused below, like a UUID in another spelling.
    }
    throw new StartRefusedException(
        state.path().resolve(FILE) + " does not hold a UUID.",
        "Put back the id that this node had; a new one makes it forget its devices.");
  }
}
