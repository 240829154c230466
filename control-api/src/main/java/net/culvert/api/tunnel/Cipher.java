package net.culvert.api.tunnel;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a WireGuard tunnel seals packets with; the same at both ends, never negotiated. */
public enum Cipher {
  /** What every WireGuard speaks. */
  @JsonProperty("chacha20-poly1305")
  CHACHA20_POLY1305,
  /** Between Culvert nodes, quicker where the processor has instructions for AES. */
  @JsonProperty("aes-256-gcm")
  AES_256_GCM
}
