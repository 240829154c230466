package net.culvert.node.security;

import java.util.List;
import net.culvert.api.value.ResourceName;
import net.culvert.node.reconcile.StoreException;

/** Keeps tokens. What it has answered is on disk. One call at a time. */
public interface TokenStore {

  /** All of them, when the node starts. */
  List<StoredToken> load();

  /**
   * Keeps a token in the place of the one of that name.
   *
   * @throws StoreException if it could not be kept
   */
  void put(StoredToken token);

  /**
   * Forgets a token.
   *
   * @throws StoreException if that could not be kept
   */
  void delete(ResourceName name);
}
