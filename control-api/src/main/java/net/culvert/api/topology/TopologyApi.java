package net.culvert.api.topology;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.DeleteExchange;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PatchExchange;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.annotation.PutExchange;

/** The node's whole wish as one document, taken as one. */
@Tag(name = "Topology", description = "The node's whole wish as one document, taken as one.")
@HttpExchange("/api/v1/topology")
public interface TopologyApi {

  String JSON = "application/json";
  String YAML = "application/yaml";
  String MERGE_PATCH = "application/merge-patch+json";

  @Operation(
      summary = "Read everything that is wished",
      description =
          "Bodies as they are kept, with defaults filled in, ordered by name: what a PUT takes, in JSON or YAML, the same bytes as long as nothing is written. Without secrets, which a PUT of the document keeps. The ETag changes with every write of any resource.")
  @GetExchange(accept = {JSON, YAML})
  ResponseEntity<Topology> get(
      @Parameter(description = "Whether private and preshared keys are told.", example = "false")
          @RequestParam(name = "secrets", defaultValue = "false")
          boolean secrets);

  @Operation(
      summary = "Replace everything that is wished",
      description =
          "All or nothing: what is not in the document is deleted, what is in it as it was is not touched. Every mistake is named at once. When the kernel refuses a part, all of it is undone, and the answer says which.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              required = true,
              content = {
                @Content(mediaType = JSON, schema = @Schema(implementation = Topology.class)),
                @Content(mediaType = YAML, schema = @Schema(implementation = Topology.class))
              }))
  @PutExchange(accept = {JSON, YAML})
  ResponseEntity<Topology> put(
      @Parameter(description = "Only if nothing was written since the GET that had this ETag.")
          @RequestHeader(name = "If-Match", required = false)
          @Nullable String ifMatch,
      @RequestBody Topology body);

  @Operation(
      summary = "Change parts of what is wished",
      description =
          "A JSON merge patch (RFC 7396) of the document that GET gives: a member replaces, null takes away, an object is merged, an array is replaced. The result is taken as a PUT of it would be, all or nothing. Secrets that the patch does not give stay.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = MERGE_PATCH,
                      schema =
                          @Schema(
                              type = "object",
                              description = "The members that change, and null for those that go."),
                      examples =
                          @ExampleObject(value = "{\"links\":{\"br9\":{\"kind\":\"bridge\"}}}"))))
  @PatchExchange(
      contentType = MERGE_PATCH,
      accept = {JSON, YAML})
  ResponseEntity<Topology> patch(
      @Parameter(description = "Only if nothing was written since the GET that had this ETag.")
          @RequestHeader(name = "If-Match", required = false)
          @Nullable String ifMatch,
      @RequestBody TopologyPatch body);

  @Operation(
      summary = "Tell what a document would change",
      description =
          "Takes the same document as PUT, with the same checks, and answers what would be done to the kernel as it is now, step by step, in words and as the commands that a person would type. Nothing is changed. What is already so is no step.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              required = true,
              content = {
                @Content(mediaType = JSON, schema = @Schema(implementation = Topology.class)),
                @Content(mediaType = YAML, schema = @Schema(implementation = Topology.class))
              }))
  @PostExchange(
      url = "/plan",
      accept = {JSON, YAML})
  TopologyPlan plan(@RequestBody Topology body);

  @Operation(
      summary = "Delete everything that is wished",
      description = "The same as the PUT of an empty document: nothing of this node is left.")
  @DeleteExchange
  ResponseEntity<Void> delete(
      @Parameter(description = "Only if nothing was written since the GET that had this ETag.")
          @RequestHeader(name = "If-Match", required = false)
          @Nullable String ifMatch);
}
