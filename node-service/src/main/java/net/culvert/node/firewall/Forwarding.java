package net.culvert.node.firewall;

import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.culvert.api.value.Family;
import net.culvert.node.object.SettingKey;
import net.culvert.node.reconcile.ObjectKey;
import net.culvert.node.reconcile.ResourceId;
import org.jspecify.annotations.Nullable;

/**
 * Which of the host's devices packets of which family are forwarded from and to, and for whose
 * sake.
 *
 * @param devices of each resource
 */
record Forwarding(Map<Family, NavigableMap<ResourceId, NavigableSet<String>>> devices) {

  /** Of settings that are wished, those that say so. */
  static Forwarding of(Map<ResourceId, Set<ObjectKey>> wished) {
    Map<Family, NavigableMap<ResourceId, NavigableSet<String>>> devices = new TreeMap<>();
    wished.forEach((id, keys) ->
        keys.forEach(key -> {
          Family family = family(key);
          if (family != null && key instanceof SettingKey setting) {
            devices
                .computeIfAbsent(family, any -> new TreeMap<>())
                .computeIfAbsent(id, any -> new TreeSet<>())
                .add(setting.link().name().value());
          }
        }));
    return new Forwarding(devices);
  }

  /** Of packets that this object lets the host forward; null where it does not. */
  static @Nullable Family family(ObjectKey key) {
    if (!(key instanceof SettingKey setting) || setting.link().namespace() != null) {
      return null;
    }
    return switch (setting.setting()) {
      case IPV4_FORWARDING -> Family.IPV4;
      case IPV6_FORWARDING -> Family.IPV6;
      default -> null;
    };
  }

  boolean isEmpty() {
    return devices.isEmpty();
  }

  NavigableMap<ResourceId, NavigableSet<String>> of(Family family) {
    return devices.getOrDefault(family, new TreeMap<>());
  }

  /** All devices of some families. */
  NavigableSet<String> all(Set<Family> families) {
    NavigableSet<String> all = new TreeSet<>();
    families.forEach(family -> of(family).values().forEach(all::addAll));
    return all;
  }
}
