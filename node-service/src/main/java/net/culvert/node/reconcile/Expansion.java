package net.culvert.node.reconcile;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one wish means in the kernel.
 *
 * @param objects the kernel objects wished, each with its value
 * @param claims values that no two resources may hold at a time, such as an address or a port
 * @param uses objects of other resources that must stay while this one exists
 * @param parent a resource that takes this one along when it is deleted
 * @param offeredMtu bytes that links in front of this resource may use, where it limits them
 */
public record Expansion(
    Map<ObjectKey, Object> objects,
    Set<Claim> claims,
    Set<ObjectKey> uses,
    @Nullable ResourceId parent,
    OptionalInt offeredMtu) {

  /**
   * A value that one resource holds.
   *
   * @param value equal for whatever collides
   * @param words what the value is, for messages: {@code address 10.1.1.1}
   */
  public record Claim(Object value, String words) {}

  public static Builder builder() {
    return new Builder();
  }

  /** Gathers an expansion; used by one thread. */
  public static final class Builder {
    private final Map<ObjectKey, Object> objects = new LinkedHashMap<>();
    private final Set<Claim> claims = new HashSet<>();
    private final Set<ObjectKey> uses = new HashSet<>();
    private @Nullable ResourceId parent;
    private OptionalInt offeredMtu = OptionalInt.empty();

    private Builder() {}

    /**
     * Wishes an object.
     *
     * @throws WishRefusedException if the same object is wished otherwise already
     */
    public Builder object(ObjectKey key, Object value) {
      Object before = objects.putIfAbsent(key, value);
      if (before != null && !before.equals(value)) {
        throw WishRefusedException.conflict(null, key + " is wished twice, and differently");
      }
      return this;
    }

    public Builder claim(Object value, String words) {
      claims.add(new Claim(value, words));
      return this;
    }

    public Builder use(ObjectKey key) {
      uses.add(key);
      return this;
    }

    public Builder parent(ResourceId id) {
      parent = id;
      return this;
    }

    public Builder offerMtu(int bytes) {
      offeredMtu = OptionalInt.of(bytes);
      return this;
    }

    public Expansion build() {
      uses.removeAll(objects.keySet());
      return new Expansion(objects, claims, uses, parent, offeredMtu);
    }
  }
}
