package net.culvert.node.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import net.culvert.api.token.Role;
import net.culvert.api.value.ResourceName;
import net.culvert.node.configuration.StateDirectory;
import net.culvert.node.reconcile.StoreException;
import net.culvert.node.web.caller.Caller;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensTest {

  private static final ResourceName NAME = new ResourceName("ops");
  private static final String OWN = "0123456789abcdef";

  @TempDir Path folder;

  private final MemoryStore store = new MemoryStore();
  private final MovedClock clock = new MovedClock();
  private Tokens tokens;

  private static final class MemoryStore implements TokenStore {
    private final Map<ResourceName, StoredToken> kept = new TreeMap<>();
    private boolean full;

    @Override
    public List<StoredToken> load() {
      return new ArrayList<>(kept.values());
    }

    @Override
    public void put(StoredToken token) {
      check();
      kept.put(token.name(), token);
    }

    @Override
    public void delete(ResourceName name) {
      check();
      kept.remove(name);
    }

    StoredToken only() {
      assertThat(kept).hasSize(1);
      return kept.values().iterator().next();
    }

    private void check() {
      if (full) {
        throw new StoreException(
            StoreException.Reason.FULL, "the disk is full", new IOException("ENOSPC"));
      }
    }
  }

  private static final class MovedClock extends Clock {
    private Instant now = Instant.parse("2030-01-01T00:00:30Z");

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @BeforeEach
  void start() throws IOException {
    try (StateDirectory state = StateDirectory.open(folder)) {
      tokens = new Tokens(ApiToken.of(OWN, state), store, clock);
      tokens.load();
    }
  }

  private String make(Role role) {
    return Objects.requireNonNull(tokens.put(NAME, role, null, false).orElseThrow().text());
  }

  @Test
  void theNodesOwnIsAnAdministrator() {
    Caller caller = tokens.find(OWN).orElseThrow();
    assertThat(caller.name()).isEqualTo("api-token");
    assertThat(caller.role()).isEqualTo(Role.ADMIN);
    assertThat(tokens.find(OWN + "x")).isEmpty();
    assertThat(tokens.find("")).isEmpty();
  }

  @Test
  void onlyTheDigestIsKept() {
    String text = make(Role.READ);
    assertThat(store.only().digest()).isEqualTo(TokenText.digest(text)).doesNotContain(text);
    assertThat(store.kept.toString()).doesNotContain(text).doesNotContain(TokenText.digest(text));
  }

  @Test
  void anotherStartKnowsThem() throws IOException {
    String text = make(Role.OPERATE);
    tokens.find(text);
    tokens.close();
    start();
    assertThat(tokens.find(text).orElseThrow().role()).isEqualTo(Role.OPERATE);
    assertThat(store.only().lastUsedAt()).isEqualTo("2030-01-01T00:00:00Z");
  }

  @Test
  void whoIsInsideLearnsThatTheTokenEnded() {
    String text = make(Role.READ);
    Caller caller = tokens.find(text).orElseThrow();
    assertThat(caller.ended().get()).isNull();
    assertThat(tokens.delete(NAME)).isTrue();
    assertThat(caller.ended().get()).contains("revoked");
    assertThat(tokens.find(text)).isEmpty();
    assertThat(tokens.delete(NAME)).isFalse();
  }

  @Test
  void expiresToTheMoment() {
    Instant end = clock.now.plusSeconds(10);
    String text =
        Objects.requireNonNull(tokens.put(NAME, Role.READ, end, false).orElseThrow().text());
    Caller caller = tokens.find(text).orElseThrow();
    clock.now = end.minusMillis(1);
    assertThat(tokens.find(text)).isPresent();
    clock.now = end;
    assertThat(tokens.find(text)).isEmpty();
    assertThat(caller.ended().get()).contains("expired");
  }

  @Test
  void theSameAgainWritesNothing() {
    String text = make(Role.READ);
    store.full = true;
    assertThat(tokens.put(NAME, Role.READ, null, false).orElseThrow().text()).isNull();
    assertThat(tokens.find(text)).isPresent();
  }

  @Test
  void whatIsNotKeptIsNotSo() {
    String text = make(Role.READ);
    store.full = true;
    assertThatThrownBy(() -> tokens.put(NAME, Role.ADMIN, null, true))
        .isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> tokens.delete(NAME)).isInstanceOf(StoreException.class);
    assertThat(tokens.find(text).orElseThrow().role()).isEqualTo(Role.READ);
  }

  @Test
  void thereIsALimit() {
    for (int i = 0; i < Tokens.MAX_TOKENS; i++) {
      assertThat(tokens.put(new ResourceName("t" + i), Role.READ, null, false)).isPresent();
    }
    assertThat(tokens.put(NAME, Role.READ, null, false)).isEmpty();
    assertThat(tokens.put(new ResourceName("t7"), Role.ADMIN, null, false)).isPresent();
  }
}
