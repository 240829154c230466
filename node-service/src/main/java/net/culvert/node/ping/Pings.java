package net.culvert.node.ping;

import net.culvert.api.ping.PingReport;
import net.culvert.api.ping.PingRequest;
import net.culvert.api.value.ResourceName;
import org.jspecify.annotations.Nullable;

public interface Pings {
  PingReport from(@Nullable ResourceName namespace, PingRequest request);
}
