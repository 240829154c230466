package net.culvert.node.reconcile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The table as one wish sees it. */
final class TableView implements Surroundings {

  private final ResourceId self;
  private final Rows rows;

  TableView(ResourceId self, Rows rows) {
    this.self = self;
    this.rows = rows;
  }

  @Override
  public <B> Optional<Wish<B>> wish(ResourceType<B> type, String name) {
    Rows.Row row = rows.find(new ResourceId(type.name(), name));
    return row == null ? Optional.empty() : Optional.of(Rows.cast(row.wish()));
  }

  @Override
  public <B> Collection<Wish<B>> wishes(ResourceType<B> type) {
    return rows.wishes(type);
  }

  @Override
  public <B> Collection<Wish<B>> children(ResourceId parent) {
    List<Wish<B>> wishes = new ArrayList<>();
    for (ResourceId child : rows.index().childrenOf(parent)) {
      wishes.add(Rows.cast(rows.get(child).wish()));
    }
    return wishes;
  }

  @Override
  public boolean isWished(ObjectKey key) {
    return rows.index().ownersOf(key).stream().anyMatch(owner -> !owner.equals(self));
  }

  @Override
  public boolean isLeaving(ObjectKey key) {
    return rows.index().isOrphan(key);
  }

  @Override
  public OptionalInt smallestOfferedMtu() {
    return rows.index().smallestOfferedMtu();
  }
}
