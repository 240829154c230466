package net.culvert.node.reconcile;

/**
 * One resource of the API.
 *
 * @param type the resource type's name, as in its path: {@code namespaces}
 * @param name unique within the type; a peer's is {@code tunnel/peer}
 */
public record ResourceId(String type, String name) implements Comparable<ResourceId> {

  @Override
  public int compareTo(ResourceId other) {
    int order = type.compareTo(other.type);
    return order != 0 ? order : name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return type + "/" + name;
  }
}
