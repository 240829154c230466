package net.culvert.api.tunnel;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ResourceName;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/** WireGuard tunnels and peers as files of {@code wg-quick(8)}. */
@Tag(
    name = "Configurations",
    description = "WireGuard tunnels and peers as files of wg-quick(8), and as QR codes.")
@HttpExchange("/api/v1/tunnels")
public interface TunnelConfigurationApi {

  @Operation(
      summary = "Read a WireGuard tunnel as a file",
      description = "As wg-quick(8) reads it, without secrets.")
  @GetExchange(url = "/{name}/config", accept = "text/plain")
  ResponseEntity<String> configuration(
      @Parameter(description = "The tunnel's name.", example = "wg0") @PathVariable("name")
          LinkName name);

  @Operation(
      summary = "Make a peer's keys and configuration",
      description =
          "Makes a key pair for the peer, keeps the public half, and shows the peer's whole configuration once, as a file or as a QR code for a phone.")
  @ApiResponse(
      responseCode = "200",
      description = "The configuration, which is shown once.",
      content = {
        @Content(mediaType = "text/plain", schema = @Schema(type = "string")),
        @Content(mediaType = "image/png", schema = @Schema(type = "string", format = "binary"))
      })
  @PostExchange(url = "/{tunnel}/peers/{peer}/config", accept = "text/plain")
  ResponseEntity<String> issueText(
      @Parameter(description = "The tunnel's name.", example = "wg0") @PathVariable("tunnel")
          LinkName tunnel,
      @Parameter(description = "The peer's name.", example = "phone") @PathVariable("peer")
          ResourceName peer,
      @RequestBody PeerConfigurationRequest request);

  @Operation(
      summary = "Make a peer's keys and configuration",
      description =
          "Makes a key pair for the peer, keeps the public half, and shows the peer's whole configuration once, as a file or as a QR code for a phone.")
  @ApiResponse(
      responseCode = "200",
      description = "The configuration, which is shown once.",
      content = {
        @Content(mediaType = "text/plain", schema = @Schema(type = "string")),
        @Content(mediaType = "image/png", schema = @Schema(type = "string", format = "binary"))
      })
  @PostExchange(url = "/{tunnel}/peers/{peer}/config", accept = "image/png")
  ResponseEntity<byte[]> issueQrCode(
      @Parameter(description = "The tunnel's name.", example = "wg0") @PathVariable("tunnel")
          LinkName tunnel,
      @Parameter(description = "The peer's name.", example = "phone") @PathVariable("peer")
          ResourceName peer,
      @RequestBody PeerConfigurationRequest request);
}
