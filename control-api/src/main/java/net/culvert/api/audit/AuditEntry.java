package net.culvert.api.audit;

import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URI;
import java.time.Instant;
import net.culvert.api.token.Role;
import org.jspecify.annotations.Nullable;

/**
 * One call that changed something, or was refused.
 *
 * @param time when it was answered
 * @param caller the token's name or the certificate's subject; null for a stranger
 * @param credential what the caller showed, {@code token} or {@code certificate}; null for a
 *     stranger
 * @param source the address that the call came from
 * @param path without the query
 * @param status the answer's HTTP status
 * @param problem the problem's type, where it was one
 * @param revision the resource's revision in the answer, where it had one
 * @param skipped refusals before this line that were too many to be written
 */
@Schema(description = "One call that changed something, or was refused.")
public record AuditEntry(
    Instant time,
    @Nullable String caller,
    @Nullable String credential,
    @Nullable Role role,
    String source,
    String method,
    String path,
    int status,
    @Nullable URI problem,
    @Nullable Long revision,
    @Nullable Long skipped) {}
