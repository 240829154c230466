package net.culvert.api.token;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a caller may do. Each role may do what those before it may. */
public enum Role {
  /** Read everything but secrets, tokens and the audit log. */
  @JsonProperty("read")
  READ,
  /** Write what the network is made of, and ping. */
  @JsonProperty("operate")
  OPERATE,
  /** Everything: tokens, the audit log, and secrets where they can be told. */
  @JsonProperty("admin")
  ADMIN;

  /** Whether a caller of this role may do what needs that one. */
  public boolean covers(Role needed) {
    return compareTo(needed) >= 0;
  }
}
