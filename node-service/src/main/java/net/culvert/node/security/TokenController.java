package net.culvert.node.security;

import java.time.Clock;
import java.time.Instant;
import net.culvert.api.resource.ItemList;
import net.culvert.api.token.Role;
import net.culvert.api.token.Token;
import net.culvert.api.token.TokenApi;
import net.culvert.api.token.TokenSpec;
import net.culvert.api.value.ResourceName;
import net.culvert.node.web.caller.RequiresRole;
import net.culvert.node.web.problem.AbsentException;
import net.culvert.node.web.problem.ConflictException;
import net.culvert.node.web.problem.InvalidFieldException;
import net.culvert.node.web.problem.TooManyException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequiresRole(Role.ADMIN)
class TokenController implements TokenApi {

  private final Tokens tokens;
  private final Clock clock = Clock.systemUTC();

  TokenController(Tokens tokens) {
    this.tokens = tokens;
  }

  @Override
  public ResponseEntity<Token> put(ResourceName name, TokenSpec body) {
    requireOther(name);
    Instant expiresAt = body.expiresAt() == null ? null : body.expiresAt().instant();
    if (expiresAt != null && !expiresAt.isAfter(clock.instant())) {
      throw new InvalidFieldException("expiresAt", "is over already");
    }
    Tokens.Made made =
        tokens
            .put(name, body.role(), expiresAt, Boolean.TRUE.equals(body.renew()))
            .orElseThrow(() ->
                new TooManyException(
                    "There are " + Tokens.MAX_TOKENS + " tokens already, which is the limit."));
    return ResponseEntity.status(made.created() ? HttpStatus.CREATED : HttpStatus.OK)
        .body(token(made.token(), made.text()));
  }

  @Override
  public ResponseEntity<Token> get(ResourceName name) {
    return ResponseEntity.ok(
        tokens
            .get(name)
            .map(token -> token(token, null))
            .orElseThrow(() -> new AbsentException("token", name)));
  }

  @Override
  public ItemList<Token> list() {
    return new ItemList<>(tokens.list().stream().map(token -> token(token, null)).toList());
  }

  @Override
  public ResponseEntity<Void> delete(ResourceName name) {
    requireOther(name);
    if (!tokens.delete(name)) {
      throw new AbsentException("token", name);
    }
    return ResponseEntity.noContent().build();
  }

  private static void requireOther(ResourceName name) {
    if (name.equals(Tokens.OWN)) {
      throw new ConflictException(
          "'"
              + name
              + "' is the node's own, of its configuration or of the file api-token in its state"
              + " directory; it is changed there, and by a restart.");
    }
  }

  private static Token token(StoredToken token, @Nullable String text) {
    boolean own = token.name().equals(Tokens.OWN);
    return new Token(
        token.name(),
        token.role(),
        own ? null : token.createdAt(),
        token.expiresAt(),
        token.lastUsedAt(),
        own,
        text);
  }
}
