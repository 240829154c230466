package net.culvert.api.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A problem detail (RFC 9457) with this API's members.
 *
 * @param type one of {@link ProblemType}'s URNs
 * @param errors every offending field; empty where no field is to blame
 * @param errno the kernel's error by name, where the kernel refused
 * @param call the system call or netlink request that was refused
 * @param sentence the kernel's own words (netlink's extended acknowledgement), where it had any
 */
@Schema(description = "A problem detail (RFC 9457).")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
    URI type,
    String title,
    int status,
    @Nullable String detail,
    @Schema(format = "uri-reference", description = "The path of the request.")
        @Nullable URI instance,
    @Nullable List<FieldError> errors,
    @Nullable String errno,
    @Nullable String call,
    @Nullable String sentence) {}
