package net.culvert.api.node;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;

/**
 * The node itself.
 *
 * @param id a UUID kept in the state directory; part of the mark on everything that the node makes
 * @param kernel the kernel's release, as {@code uname -r} tells it
 * @param capabilities those held, by their names in capabilities(7)
 * @param missing what a node needs and this one lacks, with what will not work
 * @param offloads each offload with what this kernel offers, in words
 */
@Schema(description = "The node itself.")
public record NodeInfo(
    String name,
    String id,
    String version,
    String kernel,
    List<String> capabilities,
    List<Missing> missing,
    Map<String, String> offloads) {

  /** Something that a node needs and this one lacks. */
  public record Missing(String what, String consequence) {}
}
