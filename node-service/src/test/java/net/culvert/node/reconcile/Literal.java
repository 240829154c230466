package net.culvert.node.reconcile;

import java.util.Map;
import java.util.function.Consumer;
import net.culvert.node.reconcile.Thing.Value;

/** A resource whose body says outright what it means. */
final class Literal implements ResourceType<Expansion> {

  private final String name;

  Literal(String name) {
    this.name = name;
  }

  static Expansion body(Consumer<Expansion.Builder> says) {
    Expansion.Builder builder = Expansion.builder();
    says.accept(builder);
    return builder.build();
  }

  /** A body of things and texts in turn. */
  static Expansion of(Object... keysAndTexts) {
    return body(says -> {
      for (int i = 0; i < keysAndTexts.length; i += 2) {
        says.object((Thing) keysAndTexts[i], Value.of((String) keysAndTexts[i + 1]));
      }
    });
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Class<Expansion> bodyType() {
    return Expansion.class;
  }

  @Override
  public Expansion expand(String name, Expansion body, Surroundings surroundings) {
    return body;
  }

  @Override
  public Map<String, Object> describe(Map<ObjectKey, Object> observed) {
    return Map.of("things", observed.keySet().stream().map(Object::toString).sorted().toList());
  }
}
