package net.culvert.node;

import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import net.culvert.node.configuration.CulvertProperties;
import net.culvert.node.events.EventLog;
import net.culvert.node.events.ReconcileEvents;
import net.culvert.node.health.ReconcileHealthSource;
import net.culvert.node.object.KernelEvents;
import net.culvert.node.reconcile.DesiredStore;
import net.culvert.node.reconcile.DesiredTable;
import net.culvert.node.reconcile.Drift;
import net.culvert.node.reconcile.DriftListener;
import net.culvert.node.reconcile.ObjectKey;
import net.culvert.node.reconcile.Operations;
import net.culvert.node.reconcile.Opponents;
import net.culvert.node.reconcile.Plans;
import net.culvert.node.reconcile.Reconciler;
import net.culvert.node.reconcile.ReconcilerLoop;
import net.culvert.node.reconcile.ResourceId;
import net.culvert.node.reconcile.ResourceType;
import net.culvert.node.reconcile.Schedule;
import net.culvert.node.reconcile.StatusBoard;
import net.culvert.node.reconcile.Wishes;
import net.culvert.node.topology.Bootstrap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The one place that knows both the engine and what it is used for. */
@Configuration(proxyBeanMethods = false)
class ReconcileConfiguration {

  private static final Logger LOG = LoggerFactory.getLogger(ReconcileConfiguration.class);

  @Bean
  Schedule schedule() {
    return new Schedule();
  }

  @Bean
  StatusBoard statusBoard() {
    return new StatusBoard();
  }

  @Bean
  DesiredTable desiredTable(DesiredStore store, List<ResourceType<?>> types, Schedule schedule) {
    return new DesiredTable(store, types, ids -> schedule.add(ids, System.nanoTime()));
  }

  @Bean
  Wishes wishes(
      DesiredTable table, StatusBoard board, Schedule schedule, CulvertProperties properties) {
    return new Wishes(table, board, schedule, properties.api().applyWait());
  }

  @Bean
  Reconciler reconciler(
      DesiredTable table,
      List<Operations<?, ?>> operations,
      StatusBoard board,
      Schedule schedule,
      Opponents opponents,
      CulvertProperties properties) {
    return new Reconciler(
        table,
        operations,
        board,
        schedule,
        InstantSource.system(),
        properties.reconcile().resyncPeriod(),
        opponents,
        new DriftListener() {
          @Override
          public void corrected(Drift drift) {
            LOG.info("{}", drift);
          }

          @Override
          public void contested(ResourceId resource, ObjectKey object, String sentence) {
            LOG.warn("{}: {}", resource, sentence);
          }
        });
  }

  @Bean
  Plans plans(
      DesiredTable table, Reconciler reconciler, Schedule schedule, CulvertProperties properties) {
    return new Plans(table, reconciler, schedule, properties.api().applyWait());
  }

  @Bean(destroyMethod = "")
  ReconcilerLoop reconcilerLoop(Reconciler reconciler, Schedule schedule) {
    return new ReconcilerLoop(
        reconciler, schedule, surprise -> LOG.error("a round of the reconciler failed", surprise));
  }

  @Bean
  KernelEvents.Listener kernelEventsListener(
      DesiredTable table, Schedule schedule, ReconcilerLoop loop) {
    return new KernelEvents.Listener() {
      @Override
      public void changed(Collection<ObjectKey> keys) {
        loop.changed(table.concerned(keys));
      }

      @Override
      public void lost() {
        schedule.resync();
      }

      @Override
      public void factsChanged() {
        table.factsChanged();
      }
    };
  }

  @Bean
  ReconcileEvents reconcileEvents(EventLog log, DesiredTable table, Reconciler reconciler) {
    ReconcileEvents events = new ReconcileEvents(log);
    table.listenBy(events);
    reconciler.listenBy(events);
    return events;
  }

  @Bean
  EngineLifecycle engineLifecycle(
      KernelEvents events,
      DesiredTable table,
      Bootstrap bootstrap,
      ReconcilerLoop loop,
      CulvertProperties properties) {
    return new EngineLifecycle(
        events, table, bootstrap, loop, properties.onStop() == CulvertProperties.OnStop.REMOVE);
  }

  @Bean
  ReconcileHealthSource reconcileHealthSource(StatusBoard board) {
    return new ReconcileHealth(board);
  }
}
