package net.culvert.api.topology;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One change of the kernel that a topology would need.
 *
 * @param resource the wish that the object belongs to, or did until now; null where no wish is
 *     known
 * @param object a namespace, link, setting, address, neighbour, route, tunnel or peer, in words
 * @param action {@code create}, {@code change} or {@code delete}
 * @param commands of a shell; none where only the node itself can do it
 */
@Schema(description = "One change of the kernel that a topology would need.")
public record PlanStep(
    @Schema(
            description =
                "The wish that the object belongs to, the first by name where several share it; absent where no wish is known.",
            example = "namespaces/net1")
        @Nullable String resource,
    @Schema(description = "What is changed.", example = "link veth0 in namespace net1")
        String object,
    @Schema(description = "`create`, `change` or `delete`.", example = "create") String action,
    @Schema(description = "The step as a sentence.") String words,
    @Schema(
            description =
                "The same as commands of `ip` and `sysctl`, to be typed as root where the node runs; empty where only the node can do it, as it does for a tunnel's threads.",
            example = "[\"ip -n net1 link set dev veth0 mtu 1472 up\"]")
        List<String> commands) {}
