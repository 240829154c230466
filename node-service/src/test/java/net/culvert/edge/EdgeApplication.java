package net.culvert.edge;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import net.culvert.api.namespace.Namespace;
import net.culvert.api.namespace.NamespaceApi;
import net.culvert.api.namespace.NamespaceSpec;
import net.culvert.api.ping.PingReport;
import net.culvert.api.ping.PingRequest;
import net.culvert.api.resource.ItemList;
import net.culvert.api.resource.ResourceState;
import net.culvert.api.resource.ResourceStatus;
import net.culvert.api.tunnel.Peer;
import net.culvert.api.tunnel.PeerApi;
import net.culvert.api.tunnel.PeerSpec;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ResourceName;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.sys.SystemCallException;
import net.culvert.node.security.StoredToken;
import net.culvert.node.security.TokenStore;
import net.culvert.node.web.Answers;
import net.culvert.node.web.Preconditions;
import net.culvert.node.web.problem.AbsentException;
import net.culvert.node.web.problem.ConflictException;
import net.culvert.node.web.problem.KernelRefusedException;
import net.culvert.node.web.stream.EventStreams;
import net.culvert.node.web.stream.StreamLimits;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;

/** The edges alone, before resources that live in memory: no kernel, no root. */
@SpringBootConfiguration
@EnableAutoConfiguration
@ComponentScan({
  "net.culvert.node.audit",
  "net.culvert.node.configuration",
  "net.culvert.node.events",
  "net.culvert.node.health",
  "net.culvert.node.security",
  "net.culvert.node.web"
})
public class EdgeApplication {

  private static final ResourceStatus APPLIED =
      new ResourceStatus(ResourceState.APPLIED, null, 1, Instant.EPOCH, Map.of());

  /** Tokens that do not outlive the tests. */
  @Bean
  static TokenStore tokenStore() {
    return new TokenStore() {
      @Override
      public List<StoredToken> load() {
        return List.of();
      }

      @Override
      public void put(StoredToken token) {}

      @Override
      public void delete(ResourceName name) {}
    };
  }

  /** Revisions and preconditions as a feature uses them; some names fail on purpose. */
  @RestController
  static class Namespaces implements NamespaceApi {

    private final Map<ResourceName, Namespace> kept = new ConcurrentHashMap<>();
    private final AtomicLong revision = new AtomicLong();

    @Override
    public ResponseEntity<Namespace> put(
        ResourceName name, @Nullable String ifMatch, NamespaceSpec body) {
      switch (name.value()) {
        case "taken" -> throw new ConflictException("address", "10.1.1.2/24 belongs to 'net1'.");
        case "refused" ->
            throw new KernelRefusedException(
                "link veth1", "RTM_NEWLINK", "EOPNOTSUPP", "Unknown device type");
        case "call" -> throw new SystemCallException("open", Errno.EPERM, "/dev/net/tun");
        case "broken" -> throw new IllegalStateException("the inside");
        default -> {
          // An ordinary name.
        }
      }
      Namespace old = kept.get(name);
      Preconditions.ofCurrentRequest()
          .check(old == null ? OptionalLong.empty() : OptionalLong.of(old.revision()));
      Namespace now = new Namespace(name, body.attachment(), revision.incrementAndGet(), APPLIED);
      kept.put(name, now);
      return old == null ? Answers.created(now, now.revision()) : Answers.ok(now, now.revision());
    }

    @Override
    public ResponseEntity<Namespace> get(ResourceName name) {
      Namespace namespace = kept.get(name);
      if (namespace == null) {
        throw new AbsentException("namespace", name);
      }
      return Answers.ok(namespace, namespace.revision());
    }

    @Override
    public ItemList<Namespace> list() {
      return new ItemList<>(List.copyOf(kept.values()));
    }

    @Override
    public ResponseEntity<Void> delete(ResourceName name, @Nullable String ifMatch) {
      if (kept.remove(name) == null) {
        throw new AbsentException("namespace", name);
      }
      return ResponseEntity.noContent().build();
    }

    @Override
    public PingReport ping(ResourceName name, PingRequest body) {
      return new PingReport(body.destination(), 1, 0, null, null, List.of(), List.of());
    }
  }

  /** A resource with two names in its path. */
  @RestController
  static class Peers implements PeerApi {

    @Override
    public ResponseEntity<Peer> put(
        LinkName tunnel, ResourceName peer, @Nullable String ifMatch, PeerSpec body) {
      throw new AbsentException("tunnel", tunnel);
    }

    @Override
    public ResponseEntity<Peer> get(LinkName tunnel, ResourceName peer) {
      throw new AbsentException("tunnel", tunnel);
    }

    @Override
    public ItemList<Peer> list(LinkName tunnel) {
      return new ItemList<>(List.of());
    }

    @Override
    public ResponseEntity<Void> delete(
        LinkName tunnel, ResourceName peer, @Nullable String ifMatch) {
      throw new AbsentException("tunnel", tunnel);
    }
  }

  /** What tells secrets to who may know them. */
  @RestController
  static class Secrets {

    @GetMapping("/api/v1/topology")
    String topology(@RequestParam(name = "secrets", defaultValue = "false") boolean secrets) {
      return secrets ? "secrets" : "none";
    }
  }

  /** A stream as the packet view is one; its open sources can be asked for. */
  @RestController
  static class Streams {

    private static final List<BoundedSource> OPEN = new CopyOnWriteArrayList<>();

    private final EventStreams streams;

    Streams(EventStreams streams) {
      this.streams = streams;
    }

    static List<BoundedSource> sources() {
      OPEN.removeIf(BoundedSource::isClosed);
      return OPEN;
    }

    @GetMapping("/api/v1/tunnels/{name}/packets")
    ResponseEntity<ResponseBodyEmitter> packets(
        @PathVariable("name") LinkName name,
        @RequestParam(required = false) @Nullable Long limit,
        @RequestParam(required = false) @Nullable Integer seconds) {
      BoundedSource source = new BoundedSource();
      OPEN.add(source);
      return streams.stream(
          source, new StreamLimits(limit, seconds == null ? null : Duration.ofSeconds(seconds)));
    }
  }
}
