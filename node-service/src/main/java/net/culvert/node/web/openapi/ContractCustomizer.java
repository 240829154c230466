package net.culvert.node.web.openapi;

import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.tags.Tag;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.culvert.api.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;

/**
 * Completes the description with what no single interface says (problems, 201 and 202, ETags) and
 * puts everything in order: resources as a reader meets them, and the same bytes at every start.
 */
final class ContractCustomizer implements GlobalOpenApiCustomizer {

  private static final String OK = "200";
  private static final String TOKENS = "/api/v1/tokens";

  /** The way of the first steps; what is not here follows by name. */
  private static final List<String> RESOURCES =
      List.of(
          "Namespaces",
          "Tunnels",
          "Peers",
          "Configurations",
          "Links",
          "Routes",
          "Neighbours",
          "Topology",
          "Events",
          "Tokens",
          "Audit",
          "Ping",
          "Node");

  private static final Comparator<String> BY_RESOURCE =
      Comparator.comparingInt(
              (String tag) -> RESOURCES.contains(tag) ? RESOURCES.indexOf(tag) : RESOURCES.size())
          .thenComparing(Comparator.naturalOrder());

  @Override
  public void customise(OpenAPI api) {
    api.setServers(null);
    api.getComponents().setResponses(new LinkedHashMap<>());
    ProblemAnswers.define(api.getComponents());
    ModelConverters.getInstance(true)
        .readAll(new AnnotatedType(Problem.class))
        .forEach(api.getComponents()::addSchemas);
    api.getPaths()
        .forEach((path, item) ->
            item.readOperationsMap()
                .forEach((method, operation) -> complete(method, path, operation)));
    order(api);
  }

  private static void complete(HttpMethod method, String path, Operation operation) {
    ApiResponses responses = operation.getResponses();
    ApiResponse ok = responses.get(OK);
    if (path.startsWith(TOKENS)) {
      completeToken(method, responses, ok);
    } else if (method == HttpMethod.PUT && ok != null) {
      ok.description("It is so; it was there before.");
      etag(ok);
      responses.addApiResponse("201", like(ok, "It is so; it was not there before."));
      responses.addApiResponse("202", like(ok, "Accepted; the kernel is not there yet."));
    } else if (method == HttpMethod.DELETE) {
      responses.remove(OK);
      responses.addApiResponse("204", new ApiResponse().description("It is gone."));
      responses.addApiResponse(
          "202", new ApiResponse().description("Accepted; the kernel still has it."));
    } else if (method == HttpMethod.GET && ok != null && path.endsWith("}")) {
      ok.description("The wish, and how far the kernel follows it.");
      etag(ok);
    }
    if (path.endsWith("/topology") && method == HttpMethod.GET && ok != null) {
      etag(ok);
    } else if (method == HttpMethod.PATCH && ok != null) {
      ok.description("It is so.");
      etag(ok);
      responses.addApiResponse("202", like(ok, "Accepted; the kernel is not there yet."));
    }
    withoutFilledFilters(operation);
    ProblemAnswers.describe(method, path, operation);
    ApiResponses ordered = new ApiResponses();
    new TreeMap<>(responses).forEach(ordered::addApiResponse);
    operation.setResponses(ordered);
  }

  /** A token is no wish: it has no revision, and nothing in the kernel to wait for. */
  private static void completeToken(
      HttpMethod method, ApiResponses responses, @Nullable ApiResponse ok) {
    if (method == HttpMethod.PUT && ok != null) {
      ok.description("It is so; it was there before.");
      responses.addApiResponse("201", like(ok, "Made; its text is told this once."));
    } else if (method == HttpMethod.DELETE) {
      responses.remove(OK);
      responses.addApiResponse("204", new ApiResponse().description("It is revoked."));
    }
  }

  /** The page would fill a filter that nobody asked for with the example of its type. */
  private static void withoutFilledFilters(Operation operation) {
    if (operation.getParameters() != null) {
      operation.getParameters().stream()
          .filter(parameter -> !Boolean.TRUE.equals(parameter.getRequired()))
          .filter(parameter -> parameter.getExample() == null)
          .forEach(parameter -> parameter.getSchema().setExample(null));
    }
  }

  private static ApiResponse like(ApiResponse response, String description) {
    return new ApiResponse()
        .description(description)
        .headers(response.getHeaders())
        .content(response.getContent());
  }

  private static void etag(ApiResponse response) {
    response.addHeaderObject(
        "ETag",
        new Header()
            .description("The revision in quotes, for If-Match.")
            .schema(new StringSchema().example("\"7\"")));
  }

  private static void order(OpenAPI api) {
    api.getTags().sort(Comparator.comparing(Tag::getName, BY_RESOURCE));
    Paths paths = new Paths();
    api.getPaths().entrySet().stream()
        .sorted(
            Comparator.comparing(
                    (Map.Entry<String, PathItem> each) -> tag(each.getValue()), BY_RESOURCE)
                .thenComparing(Map.Entry::getKey))
        .forEach(each -> paths.addPathItem(each.getKey(), each.getValue()));
    api.setPaths(paths);
    api.getComponents().setSchemas(new TreeMap<>(api.getComponents().getSchemas()));
  }

  private static String tag(PathItem item) {
    return item.readOperations().getFirst().getTags().getFirst();
  }
}
