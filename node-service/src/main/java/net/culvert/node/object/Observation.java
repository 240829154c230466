package net.culvert.node.object;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.culvert.node.reconcile.ObjectKey;

/** Observed objects as they stand in an answer: grouped by link, named as in a wish. */
public final class Observation {

  private Observation() {}

  public static Map<String, Object> describe(Map<ObjectKey, Object> observed) {
    Map<String, Object> answer = new LinkedHashMap<>();
    List<Object> links = new ArrayList<>();
    List<Object> routes = new ArrayList<>();
    List<Object> neighbours = new ArrayList<>();
    observed.forEach((key, value) -> {
      switch (key) {
        case NamespaceKey namespace when value instanceof NamespaceState state ->
            answer.put("inode", state.inode());
        case LinkKey link when value instanceof LinkState state ->
            links.add(link(link, state, observed));
        case RouteKey route when value instanceof RouteState state ->
            routes.add(route(route, state));
        case NeighbourKey neighbour when value instanceof NeighbourState state ->
            neighbours.add(neighbour(neighbour, state));
        default -> {
          // Addresses and settings stand with their link; tunnels and peers describe themselves.
        }
      }
    });
    putUnlessEmpty(answer, "links", links);
    putUnlessEmpty(answer, "routes", routes);
    putUnlessEmpty(answer, "neighbours", neighbours);
    return answer;
  }

  private static void putUnlessEmpty(Map<String, Object> answer, String name, List<Object> values) {
    if (!values.isEmpty()) {
      answer.put(name, values);
    }
  }

  private static Map<String, Object> link(
      LinkKey key, LinkState state, Map<ObjectKey, Object> observed) {
    Map<String, Object> link = new LinkedHashMap<>();
    link.put("name", key.name().value());
    put(link, "namespace", key.namespace());
    link.put("kind", state.kind());
    link.put("index", state.index());
    put(link, "mtu", state.mtu());
    link.put("up", state.up());
    put(link, "master", state.master());
    List<String> addresses = new ArrayList<>();
    observed.forEach((other, value) -> {
      if (other instanceof AddressKey address && address.link().equals(key)) {
        addresses.add(address.address().toString());
      }
      if (other instanceof SettingKey setting
          && setting.link().equals(key)
          && value instanceof SettingState is) {
        link.put(setting.setting().field(), is.on());
      }
    });
    link.put("addresses", addresses);
    return link;
  }

  private static Map<String, Object> route(RouteKey key, RouteState state) {
    Map<String, Object> route = new LinkedHashMap<>();
    put(route, "namespace", key.namespace());
    route.put("destination", key.destination().toString());
    put(route, "via", state.via());
    put(route, "link", state.link());
    route.put("metric", key.metric());
    put(route, "mtu", state.mtu());
    return route;
  }

  private static Map<String, Object> neighbour(NeighbourKey key, NeighbourState state) {
    Map<String, Object> neighbour = new LinkedHashMap<>();
    put(neighbour, "namespace", key.link().namespace());
    neighbour.put("link", key.link().name().value());
    neighbour.put("address", key.address().toString());
    put(neighbour, "linkAddress", state.linkAddress());
    neighbour.put("proxy", key.proxy());
    return neighbour;
  }

  private static void put(
      Map<String, Object> map, String name, @org.jspecify.annotations.Nullable Object value) {
    if (value != null) {
      map.put(name, value instanceof Number ? value : value.toString());
    }
  }
}
