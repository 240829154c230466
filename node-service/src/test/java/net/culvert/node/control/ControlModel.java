package net.culvert.node.control;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a node must do, in a few rules over one map of bodies. It knows only the fields that {@link
 * CallGenerator} writes.
 */
final class ControlModel {

  private static final JsonMapper JSON = new JsonMapper();

  private final SortedMap<String, JsonNode> wishes = new TreeMap<>();

  /**
   * What one body means.
   *
   * @param objects that nobody else may wish
   * @param settings that others may wish, too
   * @param claims that nobody else may hold
   * @param needs objects of others, and the status where one is missing
   * @param refusals for what else is wrong
   */
  private record Meaning(
      SortedSet<String> objects,
      SortedSet<String> settings,
      Set<String> claims,
      Map<String, Integer> needs,
      Set<Integer> refusals) {

    Meaning() {
      this(new TreeSet<>(), new TreeSet<>(), new HashSet<>(), new TreeMap<>(), new HashSet<>());
    }

    void address(String address, String link, String namespace) {
      String network = address.substring(0, address.lastIndexOf('.'));
      objects.add("address " + address + " of link " + link + in(namespace));
      claims.add("address " + address + in(namespace));
      claims.add("prefix " + network + ".0/24" + in(namespace));
    }
  }

  private static String in(String namespace) {
    return namespace.isEmpty() ? "" : " in namespace " + namespace;
  }

  /** What is wished, by path. */
  SortedMap<String, JsonNode> wishes() {
    return wishes;
  }

  /** The statuses with which a call may be refused; none where it must succeed. */
  Set<Integer> refusals(Call call) {
    if (call.malformed()) {
      return Set.of(400);
    }
    if (call.path().equals(Call.TOPOLOGY)) {
      return call.verb() == Call.Verb.PUT && !contradictions(after(call)).isEmpty()
          ? Set.of(400, 409)
          : Set.of();
    }
    JsonNode now = wishes.get(call.path());
    if (now == null && call.verb() != Call.Verb.PUT) {
      return Set.of(404);
    }
    if (call.condition() == Call.Condition.STALE
        || (call.condition() == Call.Condition.CURRENT && now == null)) {
      return Set.of(412);
    }
    if (call.verb() == Call.Verb.GET
        || (call.verb() == Call.Verb.PUT && JSON.readTree(call.body()).equals(now))) {
      return Set.of();
    }
    return contradictions(after(call));
  }

  /** Takes a call that was not refused. */
  void take(Call call) {
    if (call.verb() != Call.Verb.GET) {
      SortedMap<String, JsonNode> after = after(call);
      wishes.clear();
      wishes.putAll(after);
    }
  }

  /** What is wished once the call is done. */
  private SortedMap<String, JsonNode> after(Call call) {
    SortedMap<String, JsonNode> after = new TreeMap<>(wishes);
    if (call.path().equals(Call.TOPOLOGY)) {
      if (call.verb() == Call.Verb.DELETE || call.whole()) {
        after.clear();
      }
      call.changes().forEach(change -> change(after, change));
    } else {
      change(after, call);
    }
    return after;
  }

  private static void change(SortedMap<String, JsonNode> wishes, Call call) {
    if (call.verb() == Call.Verb.DELETE) {
      wishes.remove(call.path());
      wishes.keySet().removeIf(path -> path.startsWith(call.path() + "/"));
    } else {
      wishes.put(call.path(), JSON.readTree(call.body()));
    }
  }

  /** The document that a topology call sends. */
  String document(Call call) {
    ObjectNode document = JSON.createObjectNode();
    after(call)
        .forEach((path, body) -> {
          String[] names = path.split("/");
          ObjectNode section = document.withObjectProperty(names.length > 2 ? "peers" : names[0]);
          if (names.length > 2) {
            section.withObjectProperty(names[1]).set(names[3], body);
          } else {
            section.set(names[1], body);
          }
        });
    return document.toString();
  }

  /** What the kernel must hold. */
  SortedSet<String> inventory() {
    SortedSet<String> all = new TreeSet<>();
    for (Meaning meaning : meanings(wishes).values()) {
      all.addAll(meaning.objects());
      all.addAll(meaning.settings());
    }
    return all;
  }

  private static Map<String, Meaning> meanings(SortedMap<String, JsonNode> wishes) {
    Map<String, Meaning> meanings = new TreeMap<>();
    wishes.forEach((path, body) -> meanings.put(path, meaning(path, body, wishes)));
    return meanings;
  }

  /** With which statuses what is wished can be called impossible; none where it is not. */
  private static Set<Integer> contradictions(SortedMap<String, JsonNode> wishes) {
    Set<Integer> refusals = new TreeSet<>();
    Map<String, Meaning> meanings = meanings(wishes);
    Set<String> objects = new HashSet<>();
    Set<String> claims = new HashSet<>();
    meanings.forEach((path, meaning) -> {
      refusals.addAll(meaning.refusals());
      meaning.objects().forEach(each -> conflict(objects.add(each), refusals));
      meaning.claims().forEach(each -> conflict(claims.add(each), refusals));
    });
    meanings.forEach((path, meaning) ->
        meaning
            .needs()
            .forEach((object, status) -> {
              if (!objects.contains(object)) {
                refusals.add(status);
                // Told of whoever takes it away, too.
                refusals.add(409);
              }
            }));
    return refusals;
  }

  private static void conflict(boolean free, Set<Integer> refusals) {
    if (!free) {
      refusals.add(409);
    }
  }

  private static Meaning meaning(String path, JsonNode body, SortedMap<String, JsonNode> wishes) {
    Meaning meaning = new Meaning();
    String[] names = path.split("/");
    switch (names[0]) {
      case "namespaces" -> namespace(names[1], body.path("attachment"), meaning);
      case "links" -> link(names[1], body, meaning);
      case "routes" -> route(body, meaning);
      case "neighbours" -> {
        String link = "link " + body.path("link").asString();
        String kind = body.has("linkAddress") ? "neighbour " : "proxy neighbour ";
        meaning.objects().add(kind + body.path("address").asString() + " of " + link);
        meaning.needs().put(link, 409);
      }
      default -> {
        if (names.length == 2) {
          tunnel(path, body, wishes, meaning);
        } else {
          peer(names[1], body, wishes, meaning);
        }
      }
    }
    return meaning;
  }

  private static void namespace(String name, JsonNode attachment, Meaning meaning) {
    meaning.objects().add("namespace " + name);
    if (attachment.isMissingNode()) {
      return;
    }
    String host = attachment.path("hostLink").asString();
    String bridge = attachment.path("bridge").asString("");
    String address = attachment.path("address").asString();
    meaning.objects().add("link " + host);
    meaning.objects().add("link veth0 in namespace " + name);
    meaning.objects().add("route 0.0.0.0/0 in namespace " + name);
    meaning.address(address, "veth0", name);
    meaning.settings().add("proxy ARP of link " + (bridge.isEmpty() ? host : bridge));
    if (bridge.isEmpty()) {
      meaning.address(attachment.path("gateway").asString() + "/24", host, "");
    } else {
      meaning.needs().put("link " + bridge, 409);
      meaning.claims().add(address + " on " + bridge);
    }
  }

  private static void link(String name, JsonNode body, Meaning meaning) {
    meaning.objects().add("link " + name);
    body.path("addresses").forEach(each -> meaning.address(each.asString(), name, ""));
    if (body.path("proxyArp").asBoolean(false)) {
      meaning.settings().add("proxy ARP of link " + name);
    }
    if (body.has("master")) {
      meaning.needs().put("link " + body.path("master").asString(), 409);
    }
    if (body.has("parent")) {
      String parent = body.path("parent").asString();
      meaning.needs().put("link " + parent, 409);
      meaning.settings().add("link " + name + " on " + parent);
    }
    if (body.has("peer")) {
      JsonNode peer = body.path("peer");
      String namespace = peer.path("namespace").asString("");
      meaning.objects().add("link " + peer.path("name").asString() + in(namespace));
      if (!namespace.isEmpty()) {
        meaning.needs().put("namespace " + namespace, 404);
      }
    }
  }

  private static void route(JsonNode body, Meaning meaning) {
    String namespace = body.path("namespace").asString("");
    String destination = body.path("destination").asString();
    meaning.objects().add("route " + destination + in(namespace));
    meaning.claims().add("prefix " + destination + in(namespace));
    meaning.needs().put("link " + body.path("link").asString() + in(namespace), 409);
    if (!namespace.isEmpty()) {
      meaning.needs().put("namespace " + namespace, 404);
    }
  }

  private static boolean isWireGuard(@Nullable JsonNode tunnel) {
    return tunnel != null && tunnel.path("transport").asString().equals("wireguard");
  }

  private static void tunnel(
      String path, JsonNode body, SortedMap<String, JsonNode> wishes, Meaning meaning) {
    meaning.objects().add("link " + path.substring("tunnels/".length()));
    body.path("listen").forEach(each -> meaning.claims().add("listen " + each.asString()));
    for (JsonNode peer : peersOf(path, wishes)) {
      if (peer.has("publicKey") != isWireGuard(body)) {
        meaning.refusals().add(409);
      }
    }
  }

  private static List<JsonNode> peersOf(String tunnel, SortedMap<String, JsonNode> wishes) {
    List<JsonNode> peers = new ArrayList<>();
    wishes.forEach((path, body) -> {
      if (path.startsWith(tunnel + "/")) {
        peers.add(body);
      }
    });
    return peers;
  }

  private static void peer(
      String tunnel, JsonNode body, SortedMap<String, JsonNode> wishes, Meaning meaning) {
    JsonNode above = wishes.get("tunnels/" + tunnel);
    if (above == null) {
      meaning.refusals().add(404);
    } else if (body.has("publicKey") != isWireGuard(above)) {
      meaning.refusals().add(400);
    }
    if (body.has("publicKey")) {
      meaning.claims().add("key " + body.path("publicKey").asString() + " of " + tunnel);
    }
    body.path("allowedPrefixes")
        .forEach(each -> {
          String prefix = each.asString();
          meaning.claims().add("prefix " + prefix + " of " + tunnel);
          meaning.claims().add("prefix " + prefix);
          meaning.objects().add("route " + prefix);
        });
  }
}
