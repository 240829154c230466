package net.culvert.api.client;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import net.culvert.api.audit.AuditApi;
import net.culvert.api.link.LinkApi;
import net.culvert.api.namespace.NamespaceApi;
import net.culvert.api.neighbour.NeighbourApi;
import net.culvert.api.node.NodeApi;
import net.culvert.api.ping.PingApi;
import net.culvert.api.problem.Problem;
import net.culvert.api.route.RouteApi;
import net.culvert.api.token.TokenApi;
import net.culvert.api.topology.TopologyApi;
import net.culvert.api.tunnel.PeerApi;
import net.culvert.api.tunnel.TunnelApi;
import net.culvert.api.tunnel.TunnelConfigurationApi;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * One node, called over HTTP. Every refusal is thrown as a {@link ProblemException}; a node that
 * does not answer as Spring's {@code ResourceAccessException}. Instances may be used by many
 * threads.
 */
public final class NodeClient {

  private final NamespaceApi namespaces;
  private final LinkApi links;
  private final RouteApi routes;
  private final NeighbourApi neighbours;
  private final TunnelApi tunnels;
  private final PeerApi peers;
  private final TunnelConfigurationApi configurations;
  private final PingApi ping;
  private final TopologyApi topology;
  private final NodeApi node;
  private final TokenApi tokens;
  private final AuditApi audit;

  private NodeClient(HttpServiceProxyFactory proxies) {
    namespaces = proxies.createClient(NamespaceApi.class);
    links = proxies.createClient(LinkApi.class);
    routes = proxies.createClient(RouteApi.class);
    neighbours = proxies.createClient(NeighbourApi.class);
    tunnels = proxies.createClient(TunnelApi.class);
    peers = proxies.createClient(PeerApi.class);
    configurations = proxies.createClient(TunnelConfigurationApi.class);
    ping = proxies.createClient(PingApi.class);
    topology = proxies.createClient(TopologyApi.class);
    node = proxies.createClient(NodeApi.class);
    tokens = proxies.createClient(TokenApi.class);
    audit = proxies.createClient(AuditApi.class);
  }

  /**
   * A client of the node at that address.
   *
   * @param url scheme, host and port, such as {@code http://127.0.0.1:8080}
   * @param token the bearer token, as it stands in the node's {@code api-token} file
   */
  public static NodeClient of(URI url, String token) {
    // What is not given is left out: an explicit null can mean something else than absence.
    JsonMapper mapper =
        JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .changeDefaultPropertyInclusion(
                inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
            .build();
    RestClient client =
        RestClient.builder()
            .baseUrl(url)
            .defaultHeaders(headers -> headers.setBearerAuth(token))
            .configureMessageConverters(converters ->
                converters
                    .registerDefaults()
                    .withJsonConverter(new JacksonJsonHttpMessageConverter(mapper)))
            .defaultStatusHandler(
                HttpStatusCode::isError,
                (request, response) -> {
                  byte[] body = response.getBody().readNBytes(1 << 20);
                  throw problem(mapper, response.getStatusCode().value(), body);
                })
            .build();
    return new NodeClient(
        HttpServiceProxyFactory.builderFor(RestClientAdapter.create(client)).build());
  }

  private static ProblemException problem(JsonMapper mapper, int status, byte[] body) {
    try {
      return new ProblemException(status, mapper.readValue(body, Problem.class));
    } catch (JacksonException e) {
      return new ProblemException(status, null);
    }
  }

  public NamespaceApi namespaces() {
    return namespaces;
  }

  public LinkApi links() {
    return links;
  }

  public RouteApi routes() {
    return routes;
  }

  public NeighbourApi neighbours() {
    return neighbours;
  }

  public TunnelApi tunnels() {
    return tunnels;
  }

  public PeerApi peers() {
    return peers;
  }

  public TunnelConfigurationApi configurations() {
    return configurations;
  }

  public PingApi ping() {
    return ping;
  }

  public TopologyApi topology() {
    return topology;
  }

  public NodeApi node() {
    return node;
  }

  public TokenApi tokens() {
    return tokens;
  }

  public AuditApi audit() {
    return audit;
  }
}
