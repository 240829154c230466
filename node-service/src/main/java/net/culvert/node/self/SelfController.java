package net.culvert.node.self;

import java.util.List;
import net.culvert.api.node.NodeApi;
import net.culvert.api.node.NodeInfo;
import net.culvert.node.configuration.NodeIdentity;
import net.culvert.node.health.NodeOffloads;
import net.culvert.node.kernel.capability.Capabilities;
import net.culvert.node.kernel.capability.KernelAccess;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.info.BuildProperties;
import org.springframework.web.bind.annotation.RestController;

@RestController
class SelfController implements NodeApi {

  private final NodeIdentity identity;
  private final KernelAccess access;
  private final NodeOffloads offloads;
  private final @Nullable BuildProperties build;

  SelfController(
      NodeIdentity identity,
      KernelAccess access,
      NodeOffloads offloads,
      @Nullable BuildProperties build) {
    this.offloads = offloads;
    this.identity = identity;
    this.access = access;
    this.build = build;
  }

  @Override
  public NodeInfo get() {
    return new NodeInfo(
        identity.name().value(),
        identity.id().toString(),
        build == null ? "unknown" : String.valueOf(build.getVersion()),
        System.getProperty("os.version", "unknown"),
        Capabilities.effective().names(),
        missing(access),
        offloads.inWords());
  }

  static List<NodeInfo.Missing> missing(KernelAccess access) {
    return access.missing().stream()
        .map(missing -> new NodeInfo.Missing(missing.what(), missing.consequence()))
        .toList();
  }
}
