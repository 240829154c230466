package net.culvert.node.neighbour;

import net.culvert.api.neighbour.Neighbour;
import net.culvert.api.neighbour.NeighbourApi;
import net.culvert.api.neighbour.NeighbourSpec;
import net.culvert.api.resource.ItemList;
import net.culvert.api.value.ResourceName;
import net.culvert.node.reconcile.Wishes;
import net.culvert.node.web.resource.ResourceEndpoint;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RestController;

@RestController
class NeighbourController implements NeighbourApi {

  private final ResourceEndpoint<NeighbourSpec, Neighbour> endpoint;

  NeighbourController(Wishes wishes, NeighbourType type) {
    this.endpoint =
        new ResourceEndpoint<>(
            wishes,
            type,
            (wish, status) -> {
              NeighbourSpec body = wish.body();
              return new Neighbour(
                  new ResourceName(wish.id().name()),
                  body.namespace(),
                  body.link(),
                  body.address(),
                  body.linkAddress(),
                  wish.revision(),
                  status);
            });
  }

  @Override
  public ResponseEntity<Neighbour> put(
      ResourceName id, @Nullable String ifMatch, NeighbourSpec body) {
    return endpoint.put(id.value(), body);
  }

  @Override
  public ResponseEntity<Neighbour> get(ResourceName id) {
    return endpoint.get(id.value());
  }

  @Override
  public ItemList<Neighbour> list() {
    return endpoint.list();
  }

  @Override
  public ResponseEntity<Void> delete(ResourceName id, @Nullable String ifMatch) {
    return endpoint.delete(id.value());
  }
}
