package net.culvert.node.topology;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import net.culvert.api.problem.FieldError;
import net.culvert.api.topology.Topology;
import net.culvert.api.topology.TopologyApi;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ResourceName;
import net.culvert.node.reconcile.Batch;
import net.culvert.node.reconcile.BatchRefusedException;
import net.culvert.node.reconcile.OperationException;
import net.culvert.node.reconcile.ResourceId;
import net.culvert.node.reconcile.ResourceType;
import net.culvert.node.reconcile.Wish;
import net.culvert.node.reconcile.WishRefusedException;
import net.culvert.node.reconcile.Wishes;
import net.culvert.node.web.problem.ConflictException;
import net.culvert.node.web.problem.InvalidFieldException;
import net.culvert.node.web.problem.Refusals;
import net.culvert.node.web.problem.UnavailableException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RestController;

@RestController
class TopologyController implements TopologyApi {

  private static final String PEERS = "peers";

  private final Wishes wishes;
  private final Map<String, ResourceType<?>> types = new TreeMap<>();

  TopologyController(Wishes wishes, List<ResourceType<?>> types) {
    this.wishes = wishes;
    types.forEach(type -> this.types.put(type.name(), type));
  }

  @Override
  public ResponseEntity<Topology> get(boolean secrets) {
    return ResponseEntity.ok(now(secrets));
  }

  @Override
  public ResponseEntity<Topology> put(Topology body) {
    boolean done = apply(body);
    return ResponseEntity.status(done ? HttpStatus.OK : HttpStatus.ACCEPTED).body(now(false));
  }

  @Override
  public ResponseEntity<Void> delete() {
    boolean done = apply(new Topology(null, null, null, null, null, null));
    return ResponseEntity.status(done ? HttpStatus.NO_CONTENT : HttpStatus.ACCEPTED).build();
  }

  private Topology now(boolean secrets) {
    Map<String, Map<String, Object>> all = new TreeMap<>();
    types.forEach((name, type) -> all.put(name, bodies(type, secrets)));
    return new Topology(
        section(all, "namespaces"),
        section(all, "links"),
        section(all, "neighbours"),
        section(all, "routes"),
        section(all, "tunnels"),
        byTunnel(section(all, PEERS)));
  }

  private <B> Map<String, Object> bodies(ResourceType<B> type, boolean secrets) {
    Map<String, Object> bodies = new TreeMap<>();
    for (Wish<B> wish : wishes.list(type)) {
      bodies.put(wish.id().name(), secrets ? wish.body() : type.withoutSecrets(wish.body()));
    }
    return bodies;
  }

  /** A type's bodies are of its class: the table holds no others. */
  @SuppressWarnings("unchecked")
  private static <B> Map<String, B> section(Map<String, Map<String, Object>> all, String type) {
    return (Map<String, B>) all.getOrDefault(type, Map.of());
  }

  private static <B> Map<String, Map<String, B>> byTunnel(Map<String, B> peers) {
    Map<String, Map<String, B>> sorted = new TreeMap<>();
    peers.forEach((name, body) -> {
      int slash = name.indexOf('/');
      sorted
          .computeIfAbsent(name.substring(0, slash), any -> new TreeMap<>())
          .put(name.substring(slash + 1), body);
    });
    return sorted;
  }

  private static <V> Map<String, V> orEmpty(@Nullable Map<String, V> map) {
    return map == null ? Map.of() : map;
  }

  /** False where the wait ended first. */
  private boolean apply(Topology body) {
    List<FieldError> errors = new ArrayList<>();
    Map<ResourceId, Batch.Put<?>> puts = new TreeMap<>();
    Map<ResourceId, String> fields = new TreeMap<>();
    Reading reading = new Reading(puts, fields, errors);
    reading.section("namespaces", body.namespaces(), ResourceName::parse);
    reading.section("links", body.links(), LinkName::parse);
    reading.section("neighbours", body.neighbours(), ResourceName::parse);
    reading.section("routes", body.routes(), ResourceName::parse);
    reading.section("tunnels", body.tunnels(), LinkName::parse);
    reading.peers(body);
    if (!errors.isEmpty()) {
      throw new InvalidFieldException(errors);
    }
    Set<ResourceId> deletions = new HashSet<>();
    types.values().forEach(type -> wishes.list(type).forEach(wish -> deletions.add(wish.id())));
    deletions.removeAll(puts.keySet());
    try {
      return wishes.apply(new Batch(List.copyOf(puts.values()), deletions));
    } catch (BatchRefusedException e) {
      throw refused(e, fields);
    } catch (OperationException e) {
      throw Refusals.of(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("The node is stopping.");
    }
  }

  private static RuntimeException refused(
      BatchRefusedException refusal, Map<ResourceId, String> fields) {
    List<FieldError> errors = new ArrayList<>();
    boolean conflict = true;
    for (Map.Entry<ResourceId, WishRefusedException> each : refusal.refusals().entrySet()) {
      WishRefusedException e = each.getValue();
      String field = fields.getOrDefault(each.getKey(), each.getKey().toString());
      errors.add(
          new FieldError(e.field() == null ? field : field + "." + e.field(), e.getMessage()));
      conflict &= e.reason() == WishRefusedException.Reason.CONFLICT;
    }
    return conflict ? new ConflictException(errors) : new InvalidFieldException(errors);
  }

  /** Takes a document apart, and notes what is wrong with names. */
  private final class Reading {
    private final Map<ResourceId, Batch.Put<?>> puts;
    private final Map<ResourceId, String> fields;
    private final List<FieldError> errors;

    Reading(
        Map<ResourceId, Batch.Put<?>> puts,
        Map<ResourceId, String> fields,
        List<FieldError> errors) {
      this.puts = puts;
      this.fields = fields;
      this.errors = errors;
    }

    <B> void section(String type, @Nullable Map<String, B> bodies, Function<String, ?> parse) {
      orEmpty(bodies)
          .forEach((name, body) -> {
            String field = type + "." + name;
            if (isName(field, name, parse)) {
              add(type, name, body, field);
            }
          });
    }

    void peers(Topology body) {
      orEmpty(body.peers())
          .forEach((tunnel, peers) ->
              peers.forEach((name, peer) -> {
                String field = PEERS + "." + tunnel + "." + name;
                if (isName(field, tunnel, LinkName::parse)
                    && isName(field, name, ResourceName::parse)) {
                  add(PEERS, tunnel + "/" + name, peer, field);
                }
              }));
    }

    private boolean isName(String field, String name, Function<String, ?> parse) {
      try {
        return parse.apply(name) != null;
      } catch (IllegalArgumentException e) {
        errors.add(new FieldError(field, String.valueOf(e.getMessage())));
        return false;
      }
    }

    private void add(String type, String name, Object body, String field) {
      ResourceType<?> known = types.get(type);
      if (known == null) {
        throw new IllegalStateException("no resource type is called " + type);
      }
      Batch.Put<?> put = put(known, name, body);
      puts.put(put.id(), put);
      fields.put(put.id(), field);
    }

    private <B> Batch.Put<B> put(ResourceType<B> type, String name, Object body) {
      B given = type.bodyType().cast(body);
      B stored = wishes.get(type, name).map(Wish::body).orElse(null);
      return new Batch.Put<>(type, name, type.complete(name, given, stored));
    }
  }
}
