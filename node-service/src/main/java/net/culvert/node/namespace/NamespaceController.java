package net.culvert.node.namespace;

import net.culvert.api.namespace.Namespace;
import net.culvert.api.namespace.NamespaceApi;
import net.culvert.api.namespace.NamespaceSpec;
import net.culvert.api.ping.PingReport;
import net.culvert.api.ping.PingRequest;
import net.culvert.api.resource.ItemList;
import net.culvert.api.value.ResourceName;
import net.culvert.node.ping.Pings;
import net.culvert.node.reconcile.Wishes;
import net.culvert.node.web.resource.ResourceEndpoint;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RestController;

@RestController
class NamespaceController implements NamespaceApi {

  private final ResourceEndpoint<NamespaceSpec, Namespace> endpoint;
  private final Pings pings;

  NamespaceController(Wishes wishes, NamespaceType type, Pings pings) {
    this.endpoint =
        new ResourceEndpoint<>(
            wishes,
            type,
            (wish, status) ->
                new Namespace(
                    new ResourceName(wish.id().name()),
                    wish.body().attachment(),
                    wish.revision(),
                    status));
    this.pings = pings;
  }

  @Override
  public ResponseEntity<Namespace> put(
      ResourceName name, @Nullable String ifMatch, NamespaceSpec body) {
    return endpoint.put(name.value(), body);
  }

  @Override
  public ResponseEntity<Namespace> get(ResourceName name) {
    return endpoint.get(name.value());
  }

  @Override
  public ItemList<Namespace> list() {
    return endpoint.list();
  }

  @Override
  public ResponseEntity<Void> delete(ResourceName name, @Nullable String ifMatch) {
    return endpoint.delete(name.value());
  }

  @Override
  public PingReport ping(ResourceName name, PingRequest body) {
    endpoint.get(name.value());
    return pings.from(name, body);
  }
}
