package net.culvert.node.route;

import net.culvert.api.resource.ItemList;
import net.culvert.api.route.Route;
import net.culvert.api.route.RouteApi;
import net.culvert.api.route.RouteSpec;
import net.culvert.api.value.ResourceName;
import net.culvert.node.reconcile.Wishes;
import net.culvert.node.web.resource.ResourceEndpoint;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RestController;

@RestController
class RouteController implements RouteApi {

  private final ResourceEndpoint<RouteSpec, Route> endpoint;

  RouteController(Wishes wishes, RouteType type) {
    this.endpoint =
        new ResourceEndpoint<>(
            wishes,
            type,
            (wish, status) -> {
              RouteSpec body = wish.body();
              return new Route(
                  new ResourceName(wish.id().name()),
                  body.namespace(),
                  body.destination(),
                  body.via(),
                  body.link(),
                  body.metric(),
                  body.mtu(),
                  wish.revision(),
                  status);
            });
  }

  @Override
  public ResponseEntity<Route> put(ResourceName id, @Nullable String ifMatch, RouteSpec body) {
    return endpoint.put(id.value(), body);
  }

  @Override
  public ResponseEntity<Route> get(ResourceName id) {
    return endpoint.get(id.value());
  }

  @Override
  public ItemList<Route> list() {
    return endpoint.list();
  }

  @Override
  public ResponseEntity<Void> delete(ResourceName id, @Nullable String ifMatch) {
    return endpoint.delete(id.value());
  }
}
