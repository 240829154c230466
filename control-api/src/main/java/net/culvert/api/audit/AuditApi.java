package net.culvert.api.audit;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import net.culvert.api.resource.ItemList;
import net.culvert.api.value.Timestamp;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;

/** Who did what. It needs the role {@code admin}. */
@Tag(name = "Audit", description = "Who did what. It needs the role admin.")
@HttpExchange("/api/v1/audit")
public interface AuditApi {

  @Operation(
      summary = "Read the audit log",
      description =
          "Every call that wanted to change something, and calls that were refused for who sent them; the newest, in the order in which they were answered.")
  @GetExchange
  ItemList<AuditEntry> list(
      @Parameter(description = "At most so many, 1 to 1000.", example = "100")
          @RequestParam(name = "limit", defaultValue = "100")
          int limit,
      @Parameter(description = "Only those of that time and later.")
          @RequestParam(name = "since", required = false)
          @Nullable Timestamp since);
}
