package net.culvert.node.health;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/** How often the kernel was compared with everything that is wished, and how long that takes. */
final class ReconcileMeters implements MultiCollector {

  private static final double NANOS_PER_SECOND = 1e9;

  private final Iterable<ReconcileHealthSource> sources;

  ReconcileMeters(Iterable<ReconcileHealthSource> sources) {
    this.sources = sources;
  }

  @Override
  public MetricSnapshots collect() {
    CounterSnapshot.Builder looks =
        CounterSnapshot.builder()
            .name("culvert_reconcile_resyncs")
            .help("How often everything was compared with the kernel.");
    GaugeSnapshot.Builder took =
        GaugeSnapshot.builder()
            .name("culvert_reconcile_resync_seconds")
            .help("How long the last comparison of everything with the kernel took.");
    for (ReconcileHealthSource source : sources) {
      ReconcileHealthSource.FullLooks full = source.fullLooks();
      looks.dataPoint(CounterDataPointSnapshot.builder().value((double) full.count()).build());
      took.dataPoint(
          GaugeDataPointSnapshot.builder().value(full.lastNanos() / NANOS_PER_SECOND).build());
    }
    return MetricSnapshots.of(looks.build(), took.build());
  }
}
