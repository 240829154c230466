package net.culvert.node.health;

import java.time.Duration;
import java.util.List;
import net.culvert.api.value.LinkName;
import org.jspecify.annotations.Nullable;

/**
 * How one tunnel's data plane is.
 *
 * @param deviceUp whether the TUN device exists and is as up as it is wished
 * @param socketsBound whether every listen address is bound
 * @param agents the threads that move its packets
 * @param sinceOutboundPacket since the last packet from TUN to UDP; null before the first
 * @param sinceInboundPacket since the last packet from UDP to TUN; null before the first
 */
public record TunnelHealth(
    LinkName tunnel,
    boolean deviceUp,
    boolean socketsBound,
    List<Agent> agents,
    @Nullable Duration sinceOutboundPacket,
    @Nullable Duration sinceInboundPacket) {

  public TunnelHealth {
    agents = List.copyOf(agents);
  }

  /** Whether every thread turns; a tunnel with a dead one moves no packets. */
  public boolean agentsTurn() {
    return agents.stream().allMatch(Agent::turning);
  }

  /**
   * One thread.
   *
   * @param name the thread's
   * @param turning whether its duty cycle goes on, idle or not
   * @param trouble why it does not, or what it met last; null for nothing
   */
  public record Agent(String name, boolean turning, @Nullable String trouble) {}
}
