package net.culvert.node.link;

import java.util.List;
import net.culvert.api.link.Link;
import net.culvert.api.link.LinkApi;
import net.culvert.api.link.LinkSpec;
import net.culvert.api.resource.ItemList;
import net.culvert.api.resource.ResourceStatus;
import net.culvert.api.value.LinkName;
import net.culvert.node.reconcile.Wish;
import net.culvert.node.reconcile.Wishes;
import net.culvert.node.web.resource.ResourceEndpoint;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RestController;

@RestController
class LinkController implements LinkApi {

  private final ResourceEndpoint<LinkSpec, Link> endpoint;

  LinkController(Wishes wishes, LinkType type) {
    this.endpoint = new ResourceEndpoint<>(wishes, type, LinkController::view);
  }

  private static Link view(Wish<LinkSpec> wish, ResourceStatus status) {
    LinkSpec body = wish.body();
    return new Link(
        new LinkName(wish.id().name()),
        body.kind(),
        body.namespace(),
        body.addresses() == null ? List.of() : body.addresses(),
        body.mtu(),
        !Boolean.FALSE.equals(body.up()),
        Boolean.TRUE.equals(body.proxyArp()),
        body.master(),
        body.peer(),
        body.parent(),
        body.mode(),
        wish.revision(),
        status);
  }

  @Override
  public ResponseEntity<Link> put(LinkName name, @Nullable String ifMatch, LinkSpec body) {
    return endpoint.put(name.value(), body);
  }

  @Override
  public ResponseEntity<Link> get(LinkName name) {
    return endpoint.get(name.value());
  }

  @Override
  public ItemList<Link> list() {
    return endpoint.list();
  }

  @Override
  public ResponseEntity<Void> delete(LinkName name, @Nullable String ifMatch) {
    return endpoint.delete(name.value());
  }
}
