package net.culvert.node.firewall;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import net.culvert.node.configuration.FirewallMode;
import net.culvert.node.firewall.Firewall.Findings;
import net.culvert.node.health.FirewallHealthSource;
import net.culvert.node.reconcile.ResourceId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the packet filters on a thread of its own: when something else is forwarded than before,
 * and once in each period. The packet filters stay as they are when it ends, as all of the kernel.
 */
final class FirewallGuard implements AutoCloseable, FirewallHealthSource {

  private static final Logger LOG = LoggerFactory.getLogger(FirewallGuard.class);

  /** How often it is asked whether something else is forwarded. */
  private static final long ASK_MILLIS = 1_000;

  private static final long STOP_MILLIS = 1_000;

  private final Firewall firewall;
  private final FirewallMode mode;
  private final boolean installed;
  private final Supplier<Forwarding> forwarding;
  private final Consumer<Map<ResourceId, List<String>>> warnings;
  private final long periodNanos;
  private volatile Findings findings = Findings.NONE;
  private volatile boolean stopped;
  private @Nullable Thread thread;

  /**
   * @param installed whether any program is there to look with
   * @param forwarding what is forwarded now
   * @param warnings told after each look what each resource suffers from
   */
  FirewallGuard(
      Firewall firewall,
      FirewallMode mode,
      boolean installed,
      Supplier<Forwarding> forwarding,
      Consumer<Map<ResourceId, List<String>>> warnings,
      Duration period) {
    this.firewall = firewall;
    this.mode = mode;
    this.installed = installed;
    this.forwarding = forwarding;
    this.warnings = warnings;
    this.periodNanos = period.toNanos();
  }

  synchronized void start() {
    if (installed) {
      thread = Thread.ofPlatform().name("firewall").daemon(true).start(this::run);
    }
  }

  private void run() {
    Forwarding last = new Forwarding(Map.of());
    long looked = System.nanoTime() - periodNanos;
    boolean made = true;
    try {
      while (!stopped) {
        Forwarding now = forwarding.get();
        boolean changed = !now.equals(last);
        boolean due = System.nanoTime() - looked >= periodNanos;
        // Where nothing is forwarded there is nothing to see, once what was made is removed.
        if (changed || (due && (made || !now.isEmpty()))) {
          look(now);
          last = now;
          looked = System.nanoTime();
          made = !now.isEmpty() || !findings.troubles().isEmpty();
        }
        pause();
      }
    } catch (InterruptedException e) {
      // Stopped in the middle of a look.
    }
  }

  private void look(Forwarding now) throws InterruptedException {
    Findings before = findings;
    try {
      findings = firewall.look(now);
    } catch (RuntimeException e) {
      LOG.error("the packet filters could not be looked at", e);
      findings = new Findings(false, Map.of(), Map.of(), List.of(e.toString()));
    }
    warnings.accept(findings.warnings());
    if (!findings.chains().equals(before.chains())) {
      findings.chains().forEach((chain, what) -> LOG.info("{}: {}", chain, what));
    }
    if (!findings.troubles().equals(before.troubles())) {
      findings.troubles().forEach(LOG::warn);
    }
  }

  private synchronized void pause() throws InterruptedException {
    long until = System.nanoTime() + ASK_MILLIS * 1_000_000;
    while (!stopped) {
      long left = (until - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return;
      }
      wait(left);
    }
  }

  @Override
  public FirewallHealth firewall() {
    Findings now = findings;
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("mode", mode.name().toLowerCase(Locale.ROOT));
    if (!installed) {
      details.put("known", "not known: neither nft nor iptables-legacy is installed");
    } else if (!now.known()) {
      details.put("known", "not known: " + String.join("; ", now.troubles()));
    }
    now.chains().forEach(details::put);
    boolean well = now.warnings().isEmpty() && now.troubles().isEmpty();
    return new FirewallHealth(well, details);
  }

  @Override
  public void close() throws InterruptedException {
    Thread running;
    synchronized (this) {
      stopped = true;
      notifyAll();
      running = thread;
    }
    if (running != null) {
      running.join(STOP_MILLIS);
      // A program that hangs is not waited for.
      running.interrupt();
    }
  }
}
