package net.culvert.node.topology;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import net.culvert.api.problem.FieldError;
import net.culvert.api.topology.Topology;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ResourceName;
import net.culvert.node.reconcile.Batch;
import net.culvert.node.reconcile.BatchRefusedException;
import net.culvert.node.reconcile.DesiredTable.Whole;
import net.culvert.node.reconcile.ResourceId;
import net.culvert.node.reconcile.ResourceType;
import net.culvert.node.reconcile.Wish;
import net.culvert.node.reconcile.WishRefusedException;
import net.culvert.node.web.problem.ConflictException;
import net.culvert.node.web.problem.InvalidFieldException;
import net.culvert.node.web.problem.RequestRefusedException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Documents made of what is wished, and what a document asks for. Any thread. */
final class TopologyDocuments {

  private static final String NAMESPACES = "namespaces";
  private static final String LINKS = "links";
  private static final String NEIGHBOURS = "neighbours";
  private static final String ROUTES = "routes";
  private static final String TUNNELS = "tunnels";
  private static final String PEERS = "peers";

  private static final JsonMapper TREES =
      JsonMapper.builder()
          .changeDefaultPropertyInclusion(any ->
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .build();

  private final Map<String, ResourceType<?>> types = new TreeMap<>();

  TopologyDocuments(List<ResourceType<?>> types) {
    types.forEach(type -> this.types.put(type.name(), type));
  }

  /** The document of all that is wished. */
  Topology of(Whole whole, boolean secrets) {
    Map<String, Map<String, Object>> all = new TreeMap<>();
    for (Wish<?> wish : whole.wishes()) {
      Object body = secrets ? wish.body() : withoutSecrets(type(wish.id().type()), wish.body());
      all.computeIfAbsent(wish.id().type(), any -> new TreeMap<>()).put(wish.id().name(), body);
    }
    return new Topology(
        section(all, NAMESPACES),
        section(all, LINKS),
        section(all, NEIGHBOURS),
        section(all, ROUTES),
        section(all, TUNNELS),
        byTunnel(section(all, PEERS)));
  }

  /** The same as a tree, without what is absent. */
  JsonNode tree(Topology document) {
    return TREES.valueToTree(document);
  }

  private ResourceType<?> type(String name) {
    ResourceType<?> type = types.get(name);
    if (type == null) {
      throw new IllegalStateException("no resource type is called " + name);
    }
    return type;
  }

  private static <B> Object withoutSecrets(ResourceType<B> type, Object body) {
    return type.withoutSecrets(type.bodyType().cast(body));
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

  /**
   * What a document asks for.
   *
   * @param fields where each wish stands in the document
   */
  record Asked(Batch batch, Map<ResourceId, String> fields) {

    /** A refusal of the batch, by the fields of the document. */
    RequestRefusedException refused(BatchRefusedException refusal) {
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
  }

  /**
   * The writes and deletions that make the document all that is wished.
   *
   * @param whole what is wished now, whose secrets stay where the document says nothing
   * @throws InvalidFieldException for every name that is none
   */
  Asked read(Topology document, Whole whole) {
    Reading reading = new Reading(whole);
    reading.section(NAMESPACES, document.namespaces(), ResourceName::parse);
    reading.section(LINKS, document.links(), LinkName::parse);
    reading.section(NEIGHBOURS, document.neighbours(), ResourceName::parse);
    reading.section(ROUTES, document.routes(), ResourceName::parse);
    reading.section(TUNNELS, document.tunnels(), LinkName::parse);
    reading.peers(document);
    return reading.asked();
  }

  private static <V> Map<String, V> orEmpty(@Nullable Map<String, V> map) {
    return map == null ? Map.of() : map;
  }

  /** Takes a document apart, and notes what is wrong with names. */
  private final class Reading {
    private final Map<ResourceId, Wish<?>> stored = new TreeMap<>();
    private final Map<ResourceId, Batch.Put<?>> puts = new TreeMap<>();
    private final Map<ResourceId, String> fields = new TreeMap<>();
    private final List<FieldError> errors = new ArrayList<>();

    Reading(Whole whole) {
      whole.wishes().forEach(wish -> stored.put(wish.id(), wish));
    }

    Asked asked() {
      if (!errors.isEmpty()) {
        throw new InvalidFieldException(errors);
      }
      Set<ResourceId> deletions = new HashSet<>(stored.keySet());
      deletions.removeAll(puts.keySet());
      return new Asked(new Batch(List.copyOf(puts.values()), deletions), fields);
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
      Batch.Put<?> put = put(type(type), name, body);
      puts.put(put.id(), put);
      fields.put(put.id(), field);
    }

    private <B> Batch.Put<B> put(ResourceType<B> type, String name, Object body) {
      B given = type.bodyType().cast(body);
      Wish<?> before = stored.get(new ResourceId(type.name(), name));
      @Nullable B kept = before == null ? null : type.bodyType().cast(before.body());
      return new Batch.Put<>(type, name, type.complete(name, given, kept));
    }
  }
}
