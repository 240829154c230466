package net.culvert.node.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.Prefix;
import net.culvert.node.kernel.abi.Socket;
import net.culvert.node.kernel.netlink.NetlinkRequest;
import net.culvert.node.kernel.netlink.Outcome;
import net.culvert.node.kernel.netns.NamedNamespaces;
import net.culvert.node.kernel.rtnetlink.BridgeKind;
import net.culvert.node.kernel.rtnetlink.Link;
import net.culvert.node.kernel.rtnetlink.LinkRequest;
import net.culvert.node.kernel.rtnetlink.Route;
import net.culvert.node.kernel.rtnetlink.RouteFilter;
import net.culvert.node.kernel.rtnetlink.Rtnetlink;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.reconcile.DesiredStore;
import net.culvert.node.reconcile.DesiredTable;
import net.culvert.node.reconcile.Expansion;
import net.culvert.node.reconcile.ObjectKey;
import net.culvert.node.reconcile.Precondition;
import net.culvert.node.reconcile.Reconciler;
import net.culvert.node.reconcile.ReconcilerLoop;
import net.culvert.node.reconcile.ResourceType;
import net.culvert.node.reconcile.Schedule;
import net.culvert.node.reconcile.StatusBoard;
import net.culvert.node.reconcile.Surroundings;
import net.culvert.node.testing.RequiresRoot;
import net.culvert.node.testing.TestNamespace;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Events that found no room in the socket are made up for by a look at everything. */
@RequiresRoot
@Tag("kernel")
@Timeout(60)
class LostEventsIT {

  /** What a socket for events asks for, and what it gets here: the kernel's least. */
  private static final int ASKED_BYTES = 4 << 20;

  private static final int GIVEN_BYTES = 1;

  private static final Prefix DESTINATION = Prefix.parse("10.9.9.0/24");
  private static final LinkName LINK = new LinkName("br0");
  private static final Duration NEVER = Duration.ofHours(1);

  /** A route, which is all that is wished. */
  private static final class OneRoute implements ResourceType<String> {
    @Override
    public String name() {
      return "routes";
    }

    @Override
    public Class<String> bodyType() {
      return String.class;
    }

    @Override
    public Expansion expand(String name, String body, Surroundings surroundings) {
      return Expansion.builder()
          .object(RouteKey.of(null, DESTINATION, null), new RouteState(null, LINK, null))
          .build();
    }

    @Override
    public Map<String, Object> describe(Map<ObjectKey, Object> observed) {
      return Map.of();
    }
  }

  @Test
  void aChangeWhoseEventIsLostIsPutBack() throws Exception {
    try (TestNamespace host = new TestNamespace();
        Rtnetlink outside = Rtnetlink.open(Syscalls.real(), host.namespace())) {
      Link bridge = outside.create(LinkRequest.create("br0", new BridgeKind()));
      outside.execute(LinkRequest.change(bridge).up(true).build());
      AtomicInteger lost = new AtomicInteger();
      ConcurrentLinkedQueue<Throwable> surprises = new ConcurrentLinkedQueue<>();
      Syscalls syscalls = withSmallBuffers();
      Namespaces namespaces =
          host.call(() -> new Namespaces(syscalls, new NamedNamespaces(syscalls)));
      OneRoute type = new OneRoute();
      Schedule schedule = new Schedule();
      StatusBoard board = new StatusBoard();
      DesiredTable table =
          new DesiredTable(
              DesiredStore.inMemory(), List.of(type), ids -> schedule.add(ids, System.nanoTime()));
      Reconciler reconciler =
          new Reconciler(
              table,
              List.of(new RouteOperations(namespaces, new LinkTable())),
              board,
              schedule,
              InstantSource.system(),
              NEVER,
              drift -> {});
      ReconcilerLoop loop = new ReconcilerLoop(reconciler, schedule, surprises::add);
      KernelEvents.Listener listener =
          new KernelEvents.Listener() {
            @Override
            public void changed(Collection<ObjectKey> keys) {
              loop.changed(table.concerned(keys));
            }

            @Override
            public void lost() {
              lost.incrementAndGet();
              schedule.resync();
            }

            @Override
            public void factsChanged() {
              // Nothing here follows facts.
            }
          };
      KernelEvents events =
          new KernelEvents(syscalls, namespaces, new KernelFacts(namespaces), listener);
      try (namespaces;
          events;
          loop) {
        events.start();
        table.restore();
        loop.start();
        table.accept(table.put(type, "r", "", Precondition.NONE));
        await().until(() -> !routes(outside).isEmpty());
        Route ours = routes(outside).getFirst();

        // In one call, so that the listener cannot keep up, and with the removal among the last.
        List<NetlinkRequest> burst = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          burst.add(LinkRequest.change(bridge).mtu(1400 + i % 2).build());
        }
        burst.add(ours.delete());
        outside.executeAll(burst).forEach(Outcome::orThrow);

        await().until(() -> !routes(outside).isEmpty());
        assertThat(lost).as("overflows").hasPositiveValue();
        assertThat(surprises).isEmpty();
      }
    }
  }

  private static List<Route> routes(Rtnetlink rtnetlink) {
    return rtnetlink.routes(RouteFilter.OURS);
  }

  /** The kernel, where what listens to events has as little room as there can be. */
  @SuppressWarnings("restricted") // The value stands where the caller said.
  private static Syscalls withSmallBuffers() {
    Syscalls real = Syscalls.real();
    return (Syscalls)
        Proxy.newProxyInstance(
            Syscalls.class.getClassLoader(),
            new Class<?>[] {Syscalls.class},
            (proxy, method, arguments) -> {
              @Nullable Object[] given = arguments == null ? new Object[0] : arguments;
              if (method.getName().equals("setsockopt")
                  && Integer.valueOf(Socket.SO_RCVBUFFORCE).equals(given[2])) {
                MemorySegment value =
                    MemorySegment.ofAddress((Long) given[3]).reinterpret(Integer.BYTES);
                if (value.get(ValueLayout.JAVA_INT_UNALIGNED, 0) == ASKED_BYTES) {
                  value.set(ValueLayout.JAVA_INT_UNALIGNED, 0, GIVEN_BYTES);
                }
              }
              try {
                return method.invoke(real, given);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
