package net.culvert.node.web.openapi;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import net.culvert.api.problem.ProblemType;

/** Which problems an operation can end with, by what it is and takes. */
final class ProblemAnswers {

  private static final String MEDIA_TYPE = "application/problem+json";
  private static final String OTHER = "Problem";

  private ProblemAnswers() {}

  /** Those of an operation, and for everything else the default. */
  static void describe(HttpMethod method, String path, Operation operation) {
    for (ProblemType type : of(method, path, operation)) {
      operation.getResponses().addApiResponse(String.valueOf(type.status()), reference(name(type)));
    }
    operation.getResponses().addApiResponse("default", reference(OTHER));
  }

  private static Set<ProblemType> of(HttpMethod method, String path, Operation operation) {
    Set<ProblemType> types =
        EnumSet.of(ProblemType.UNAUTHORIZED, ProblemType.FORBIDDEN, ProblemType.TOO_MANY);
    boolean body = operation.getRequestBody() != null;
    boolean named = path.indexOf('{') >= 0;
    if (body || operation.getParameters() != null) {
      types.add(ProblemType.MALFORMED);
    }
    if (named) {
      types.add(ProblemType.ABSENT);
    }
    if (body) {
      types.add(ProblemType.TOO_LARGE);
      types.add(ProblemType.UNSUPPORTED_MEDIA_TYPE);
    }
    if (method != HttpMethod.GET) {
      types.add(ProblemType.UNAVAILABLE);
      types.add(ProblemType.REFUSED);
    }
    if (method == HttpMethod.PUT || method == HttpMethod.DELETE || method == HttpMethod.PATCH) {
      types.add(ProblemType.CONFLICT);
      types.add(ProblemType.STALE);
    }
    if (path.endsWith("/plan")) {
      types.add(ProblemType.CONFLICT);
    }
    return types;
  }

  private static ApiResponse reference(String name) {
    return new ApiResponse().$ref("#/components/responses/" + name);
  }

  private static String name(ProblemType type) {
    StringBuilder name = new StringBuilder();
    for (String word : type.name().split("_", -1)) {
      name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return name.toString();
  }

  /** Every one of them, once for all operations. */
  static void define(Components components) {
    for (ProblemType type : ProblemType.values()) {
      Map<String, Object> example = new LinkedHashMap<>();
      example.put("type", type.urn().toString());
      example.put("title", type.title());
      example.put("status", type.status());
      components.addResponses(
          name(type), response(type.title() + ".", new MediaType().example(example)));
    }
    components.addResponses(OTHER, response("Any other problem.", new MediaType()));
  }

  private static ApiResponse response(String description, MediaType mediaType) {
    mediaType.schema(new Schema<>().$ref("#/components/schemas/Problem"));
    return new ApiResponse()
        .description(description)
        .content(new Content().addMediaType(MEDIA_TYPE, mediaType));
  }
}
