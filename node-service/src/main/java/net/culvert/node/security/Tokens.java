package net.culvert.node.security;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import net.culvert.api.token.Role;
import net.culvert.api.value.ResourceName;
import net.culvert.node.reconcile.StoreException;
import net.culvert.node.web.caller.Caller;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens that there are: the node's own, and those that were made over REST. Changes are on
 * disk before they are acknowledged; when a token was last used is kept with its next change or at
 * an orderly end, and so can be lost. Any thread.
 */
final class Tokens implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);

  /** The name of the node's own. */
  static final ResourceName OWN = new ResourceName("api-token");

  /** Every one is compared with at every call. */
  static final int MAX_TOKENS = 1000;

  private final Clock clock;
  private final TokenStore store;
  private final Entry own;
  private final Map<ResourceName, Entry> entries = new ConcurrentHashMap<>();

  /** A token and what was seen of it since the start. */
  private static final class Entry {
    private final StoredToken token;
    private volatile @Nullable Instant lastUsedAt;
    private volatile boolean revoked;

    Entry(StoredToken token) {
      this.token = token;
      this.lastUsedAt = token.lastUsedAt();
    }

    StoredToken now() {
      return token.usedAt(lastUsedAt);
    }
  }

  /** What became of a token, with its text where that was just made. */
  record Made(StoredToken token, @Nullable String text, boolean created) {}

  Tokens(ApiToken own, TokenStore store, Clock clock) {
    this.clock = clock;
    this.store = store;
    this.own = new Entry(new StoredToken(OWN, Role.ADMIN, own.digest(), Instant.EPOCH, null, null));
  }

  /** Fills the table from the store, before the first request. */
  void load() {
    store.load().forEach(token -> entries.put(token.name(), new Entry(token)));
  }

  /** Who presents that text; empty if nobody who may. */
  Optional<Caller> find(String presented) {
    String digest = TokenText.digest(presented);
    Instant now = clock.instant();
    // All of them, so that the time tells nothing of where the right one stands.
    Entry found = TokenText.same(own.token.digest(), digest) ? own : null;
    for (Entry entry : entries.values()) {
      found = TokenText.same(entry.token.digest(), digest) ? entry : found;
    }
    if (found == null || ended(found, now) != null) {
      return Optional.empty();
    }
    Entry entry = found;
    entry.lastUsedAt = now.truncatedTo(ChronoUnit.MINUTES);
    return Optional.of(
        new Caller(
            entry.token.name().value(),
            Caller.Credential.TOKEN,
            entry.token.role(),
            () -> ended(entry, clock.instant())));
  }

  private static @Nullable String ended(Entry entry, Instant now) {
    if (entry.revoked) {
      return "the token was revoked or changed";
    }
    return entry.token.isExpired(now) ? "the token is expired" : null;
  }

  /** Ordered by name; the node's own is among them. */
  List<StoredToken> list() {
    List<StoredToken> list = new ArrayList<>();
    list.add(own.now());
    entries.values().forEach(entry -> list.add(entry.now()));
    list.sort(Comparator.comparing(StoredToken::name));
    return list;
  }

  Optional<StoredToken> get(ResourceName name) {
    Entry entry = name.equals(OWN) ? own : entries.get(name);
    return Optional.ofNullable(entry).map(Entry::now);
  }

  /**
   * Makes a token, or changes the one of that name.
   *
   * @param renew whether one that is there gets another text
   * @return empty where there are as many as there may be
   * @throws StoreException if it could not be kept
   */
  synchronized Optional<Made> put(
      ResourceName name, Role role, @Nullable Instant expiresAt, boolean renew) {
    Entry old = entries.get(name);
    if (old == null && entries.size() >= MAX_TOKENS) {
      return Optional.empty();
    }
    String text = old == null || renew ? TokenText.random() : null;
    StoredToken token =
        new StoredToken(
            name,
            role,
            text == null ? Objects.requireNonNull(old).token.digest() : TokenText.digest(text),
            old == null ? clock.instant().truncatedTo(ChronoUnit.MILLIS) : old.token.createdAt(),
            expiresAt,
            old == null ? null : old.lastUsedAt);
    if (old == null || text != null || !token.equals(old.now())) {
      store.put(token);
      entries.put(name, new Entry(token));
      if (old != null) {
        old.revoked = true;
      }
    }
    return Optional.of(new Made(token, text, old == null));
  }

  /**
   * Ends a token at once.
   *
   * @return whether there was one
   * @throws StoreException if that could not be kept; the token is still good then
   */
  synchronized boolean delete(ResourceName name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      return false;
    }
    store.delete(name);
    entries.remove(name);
    entry.revoked = true;
    return true;
  }

  /** Keeps when tokens were last used. */
  @Override
  public synchronized void close() {
    for (Entry entry : entries.values()) {
      StoredToken now = entry.now();
      if (!now.equals(entry.token)) {
        try {
          store.put(now);
        } catch (StoreException e) {
          LOG.warn("when tokens were last used could not be kept: {}", e.getMessage());
          return;
        }
      }
    }
  }
}
