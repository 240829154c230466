package net.culvert.api.token;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import net.culvert.api.resource.ItemList;
import net.culvert.api.value.ResourceName;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.DeleteExchange;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PutExchange;

/** Who may call the node. All of it needs the role {@code admin}. */
@Tag(name = "Tokens", description = "Who may call the node. All of it needs the role admin.")
@HttpExchange("/api/v1/tokens")
public interface TokenApi {

  @Operation(
      summary = "Create or change a token",
      description =
          "A new one is answered with its text, which is told this once. One that is there gets another role and expiry and keeps its text, unless `renew` is true: then the old text ends at once and the answer has the new one.")
  @PutExchange("/{name}")
  ResponseEntity<Token> put(
      @Parameter(description = "The token's name.", example = "monitoring") @PathVariable("name")
          ResourceName name,
      @RequestBody TokenSpec body);

  @Operation(
      summary = "Read a token",
      description = "Its role, when it ends, and the minute of its last use. Never its text.")
  @GetExchange("/{name}")
  ResponseEntity<Token> get(
      @Parameter(description = "The token's name.", example = "monitoring") @PathVariable("name")
          ResourceName name);

  @Operation(
      summary = "List tokens",
      description = "All of them, ordered by name, with the node's own, `api-token`.")
  @GetExchange
  ItemList<Token> list();

  @Operation(
      summary = "Revoke a token",
      description = "It ends at once, and so do the event streams that were opened with it.")
  @DeleteExchange("/{name}")
  ResponseEntity<Void> delete(
      @Parameter(description = "The token's name.", example = "monitoring") @PathVariable("name")
          ResourceName name);
}
