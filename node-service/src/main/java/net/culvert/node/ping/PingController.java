package net.culvert.node.ping;

import net.culvert.api.ping.PingApi;
import net.culvert.api.ping.PingReport;
import net.culvert.api.ping.PingRequest;
import org.springframework.web.bind.annotation.RestController;

@RestController
class PingController implements PingApi {

  private final Pings pings;

  PingController(Pings pings) {
    this.pings = pings;
  }

  @Override
  public PingReport ping(PingRequest body) {
    return pings.from(null, body);
  }
}
