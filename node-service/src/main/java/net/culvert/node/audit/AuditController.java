package net.culvert.node.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import net.culvert.api.audit.AuditApi;
import net.culvert.api.audit.AuditEntry;
import net.culvert.api.resource.ItemList;
import net.culvert.api.token.Role;
import net.culvert.api.value.Timestamp;
import net.culvert.node.web.caller.RequiresRole;
import net.culvert.node.web.problem.InvalidFieldException;
import net.culvert.node.web.problem.UnavailableException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequiresRole(Role.ADMIN)
class AuditController implements AuditApi {

  private static final int MAX_LIMIT = 1000;

  private final AuditLog log;

  AuditController(AuditLog log) {
    this.log = log;
  }

  @Override
  public ItemList<AuditEntry> list(int limit, @Nullable Timestamp since) {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new InvalidFieldException("limit", "is 1 to " + MAX_LIMIT + ", not " + limit);
    }
    try {
      return new ItemList<>(log.read(limit, since == null ? null : since.instant()));
    } catch (IOException | UncheckedIOException e) {
      throw new UnavailableException("The audit log cannot be read: " + e.getMessage());
    }
  }
}
