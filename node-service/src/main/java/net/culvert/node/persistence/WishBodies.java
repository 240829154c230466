package net.culvert.node.persistence;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import net.culvert.node.reconcile.ResourceType;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Bodies of wishes as JSON text and back. Any thread. */
final class WishBodies {

  private final Map<String, Class<?>> types;
  private final JsonMapper mapper =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .changeDefaultPropertyInclusion(any ->
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .build();

  WishBodies(Collection<? extends ResourceType<?>> types) {
    this.types =
        types.stream().collect(Collectors.toMap(ResourceType::name, ResourceType::bodyType));
  }

  String write(Object body) {
    return mapper.writeValueAsString(body);
  }

  /**
   * The body that was written as that.
   *
   * @throws IllegalArgumentException if this version of the node knows no such type or body
   */
  Object read(String type, String text) {
    Class<?> bodyType = types.get(type);
    if (bodyType == null) {
      throw new IllegalArgumentException("there is no resource type " + type);
    }
    try {
      return mapper.readValue(text, bodyType);
    } catch (JacksonException e) {
      // Without the text, which may hold a secret.
      throw new IllegalArgumentException(
          "its body cannot be read as " + bodyType.getSimpleName() + ": " + e.getClass().getName());
    }
  }
}
