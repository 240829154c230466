package net.culvert.node.reconcile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The operations of every kind. */
final class Catalogue {

  private final TreeMap<Kind, Operations<ObjectKey, Object>> byKind = new TreeMap<>();

  Catalogue(Collection<? extends Operations<?, ?>> all) {
    for (Operations<?, ?> operations : all) {
      if (byKind.put(operations.kind(), widen(operations)) != null) {
        throw new IllegalArgumentException(
            "two operations for the kind " + operations.kind().name());
      }
    }
  }

  /**
   * A kind's keys and values reach only its own operations: the plan looks them up by the key's
   * kind.
   */
  @SuppressWarnings("unchecked")
  private static Operations<ObjectKey, Object> widen(Operations<?, ?> operations) {
    return (Operations<ObjectKey, Object>) operations;
  }

  Operations<ObjectKey, Object> operations(Kind kind) {
    Operations<ObjectKey, Object> operations = byKind.get(kind);
    if (operations == null) {
      throw new IllegalArgumentException("no operations for the kind " + kind.name());
    }
    return operations;
  }

  void beginLook() {
    byKind.values().forEach(Operations::beginLook);
  }

  /** In the order in which they are made. */
  Collection<Kind> kinds() {
    return byKind.keySet();
  }

  static Map<Kind, List<ObjectKey>> byKind(Collection<ObjectKey> keys) {
    Map<Kind, List<ObjectKey>> groups = new HashMap<>();
    for (ObjectKey key : keys) {
      groups.computeIfAbsent(key.kind(), any -> new ArrayList<>()).add(key);
    }
    return groups;
  }
}
