package net.culvert.node.web.openapi;

import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.Arrays;
import java.util.Optional;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.method.HandlerMethod;

/** What springdoc serves at {@code /v3/api-docs} and shows at {@code /swagger-ui.html}. */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

  private static final String TOKEN = "token";

  /** The contract's version, not the program's: it changes when the contract does. */
  private static final String VERSION = "1";

  @Bean
  OpenAPI openApi() {
    return new OpenAPI()
        .info(
            new Info()
                .title("Culvert node")
                .version(VERSION)
                .description(
                    """
                    Network namespaces, links, routes and tunnels of one host. Press *Authorize* \
                    and paste the token of the node's `api-token` file; then the examples work \
                    in the order in which they stand: a namespace, a tunnel, a peer, a ping.
                    """))
        .components(
            new Components()
                .addSecuritySchemes(
                    TOKEN,
                    new SecurityScheme()
                        .type(SecurityScheme.Type.HTTP)
                        .scheme("bearer")
                        .description(
                            "The content of the file `api-token` in the node's state directory, or a"
                                + " token that `PUT /tokens/{name}` made.")))
        .addSecurityItem(new SecurityRequirement().addList(TOKEN));
  }

  @Bean
  GlobalOpenApiCustomizer contractCustomizer() {
    return new ContractCustomizer();
  }

  @Bean
  ModelConverter recordModels() {
    return new RecordModels();
  }

  /** {@code put} of {@code NamespaceApi} is {@code putNamespace}. */
  @Bean
  GlobalOperationCustomizer operationNames() {
    return (operation, method) ->
        operation.operationId(method.getMethod().getName() + noun(method).orElse(""));
  }

  private static Optional<String> noun(HandlerMethod method) {
    return Arrays.stream(method.getBeanType().getInterfaces())
        .map(Class::getSimpleName)
        .filter(name -> name.endsWith("Api"))
        .map(name -> name.substring(0, name.length() - "Api".length()))
        .findFirst();
  }
}
