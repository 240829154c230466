package net.culvert.api.topology;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** What a topology would change, step by step, in the order in which it would be done. */
@Schema(description = "What a topology would change, in the order in which it would be done.")
public record TopologyPlan(
    @Schema(description = "Empty where everything is so already.") List<PlanStep> steps) {}
