package net.culvert.api.topology;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.DeleteExchange;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PutExchange;

/** The node's whole wish as one document, taken as one. */
@Tag(name = "Topology", description = "The node's whole wish as one document, taken as one.")
@HttpExchange("/api/v1/topology")
public interface TopologyApi {

  @Operation(
      summary = "Read everything that is wished",
      description =
          "Bodies as they are kept, with defaults filled in, ordered by name: what a PUT takes. Without secrets, which a PUT of the document keeps.")
  @GetExchange
  ResponseEntity<Topology> get(
      @Parameter(description = "Whether private and preshared keys are told.", example = "false")
          @RequestParam(name = "secrets", defaultValue = "false")
          boolean secrets);

  @Operation(
      summary = "Replace everything that is wished",
      description =
          "All or nothing: what is not in the document is deleted, what is in it as it was is not touched. Every mistake is named at once. When the kernel refuses a part, all of it is undone, and the answer says which.")
  @PutExchange
  ResponseEntity<Topology> put(@RequestBody Topology body);

  @Operation(
      summary = "Delete everything that is wished",
      description = "The same as the PUT of an empty document: nothing of this node is left.")
  @DeleteExchange
  ResponseEntity<Void> delete();
}
