package net.culvert.node.object;

import net.culvert.node.reconcile.Kind;
import net.culvert.node.reconcile.ObjectKey;

/** A setting of a link. */
public record SettingKey(LinkKey link, Setting setting) implements ObjectKey {

  @Override
  public Kind kind() {
    return Kinds.SETTING;
  }

  @Override
  public ObjectKey container() {
    return link;
  }

  @Override
  public String toString() {
    return setting.words() + " of " + link;
  }
}
