package net.culvert.node.configuration;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import net.culvert.api.token.Role;
import net.culvert.api.value.ResourceName;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Everything under {@code culvert.} in {@code application.yaml}, the environment or the command
 * line. A name that is not here is refused at start.
 *
 * @param nodeName how the node calls itself; the host's name unless given
 * @param stateDirectory where the token, the node's id and what is wished are kept
 * @param firewall what is done about packet filters of others that drop what is forwarded here
 * @param onStop what becomes of the kernel when the node ends
 */
@Validated
@ConfigurationProperties(prefix = "culvert", ignoreUnknownFields = false)
public record CulvertProperties(
    ResourceName nodeName,
    @DefaultValue("/var/lib/culvert") Path stateDirectory,
    @DefaultValue @Valid Api api,
    @DefaultValue @Valid Reconcile reconcile,
    @DefaultValue @Valid DataPlane dataPlane,
    @DefaultValue @Valid Wireguard wireguard,
    @DefaultValue("observe") FirewallMode firewall,
    @DefaultValue @Valid Bootstrap bootstrap,
    @DefaultValue("keep") OnStop onStop) {

  /** What RFC 6750 allows in a bearer token, and long enough not to be guessed. */
  public static final String TOKEN_FORM = "[A-Za-z0-9._~+/-]{16,512}=*";

  private static final String HOST_FORM = "[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?";
  private static final String ORIGIN_FORM = "https?://[A-Za-z0-9\\[][A-Za-z0-9.:_\\[\\]-]*";

  @SuppressWarnings("NullAway") // The binder passes null for what is not set.
  public CulvertProperties {
    nodeName = nodeName == null ? HostName.current() : nodeName;
    stateDirectory = stateDirectory.toAbsolutePath().normalize();
  }

  /** What becomes of what the node made in the kernel when it ends by SIGTERM. */
  public enum OnStop {
    /** It stays, and traffic that needs no node goes on. */
    KEEP,
    /** It goes; what is wished stays on disk, and the next start makes it again. */
    REMOVE
  }

  /**
   * What is wished without anybody asking for it over REST.
   *
   * @param topology a file with a topology in YAML or JSON, taken at start; none unless given
   * @param mode how often it is taken
   */
  public record Bootstrap(@Nullable Path topology, @DefaultValue("once") Mode mode) {

    /** How often the file is taken. */
    public enum Mode {
      /** At the first start that has one. */
      ONCE,
      /** At every start: what is not in it goes. */
      ALWAYS
    }
  }

  /**
   * The REST API's own settings.
   *
   * @param token the bearer token; generated once and kept in the state directory unless given
   * @param applyWait how long a PUT or DELETE waits for the kernel before it answers 202
   * @param maxBodyBytes a request body's limit
   * @param maxTopologyBytes the same for a topology
   * @param maxStreams server-sent event streams at a time
   * @param maxFailures wrong tokens a minute from one address
   * @param maxRequests requests a second of one caller
   * @param maxConcurrentRequests requests at a time from one address
   * @param allowPlaintext whether it may be served without TLS to more than this host
   * @param allowedHosts names that this node is called by, beside its own
   * @param clientCertificates who may call with a certificate instead of a token
   */
  public record Api(
      @Pattern(
              regexp = TOKEN_FORM,
              message = "a token has at least 16 characters of A-Z a-z 0-9 . _ ~ + / -")
          @Nullable String token,
      @DefaultValue("10s")
          @DurationMin(millis = 100, message = "the wait is at least 100ms")
          @DurationMax(minutes = 5, message = "the wait is at most 5m")
          Duration applyWait,
      @DefaultValue("1048576")
          @Min(value = 1024, message = "the limit is at least 1024 bytes")
          @Max(value = 1 << 30, message = "the limit is at most 1073741824 bytes")
          int maxBodyBytes,
      @DefaultValue("67108864")
          @Min(value = 1024, message = "the limit is at least 1024 bytes")
          @Max(value = 1 << 30, message = "the limit is at most 1073741824 bytes")
          int maxTopologyBytes,
      @DefaultValue("16")
          @Min(value = 1, message = "at least one stream is allowed")
          @Max(value = 256, message = "at most 256 streams are allowed")
          int maxStreams,
      @DefaultValue("30")
          @Min(value = 1, message = "at least one wrong token is allowed")
          @Max(value = 1_000_000, message = "at most 1000000 wrong tokens are allowed")
          int maxFailures,
      @DefaultValue("2000")
          @Min(value = 1, message = "at least one request is allowed")
          @Max(value = 1_000_000, message = "at most 1000000 requests are allowed")
          int maxRequests,
      @DefaultValue("48")
          @Min(value = 1, message = "at least one request is allowed")
          @Max(value = 1_000, message = "at most 1000 requests are allowed")
          int maxConcurrentRequests,
      @DefaultValue("false") boolean allowPlaintext,
      @DefaultValue
          List<
                  @Pattern(regexp = HOST_FORM, message = "a host's name is wanted, without port")
                  String>
              allowedHosts,
      @DefaultValue @Valid Cors cors,
      @DefaultValue List<@Valid ClientCertificate> clientCertificates) {

    /** Without the token. */
    @Override
    public String toString() {
      return "Api[token="
          + (token == null ? "generated" : "given")
          + ", applyWait="
          + applyWait
          + ", maxBodyBytes="
          + maxBodyBytes
          + ", maxTopologyBytes="
          + maxTopologyBytes
          + ", maxStreams="
          + maxStreams
          + ", allowPlaintext="
          + allowPlaintext
          + ", allowedHosts="
          + allowedHosts
          + "]";
    }
  }

  /**
   * Which pages of other origins may call the API.
   *
   * @param allowedOrigins such as {@code https://console.example.org}; none unless given
   */
  public record Cors(
      @DefaultValue
          List<
                  @Pattern(
                      regexp = ORIGIN_FORM,
                      message = "an origin is wanted, such as https://console.example.org")
                  String>
              allowedOrigins) {}

  /**
   * What the holder of a certificate may do.
   *
   * @param subject the whole distinguished name as RFC 2253 writes it, or, without a {@code =}, its
   *     common name alone
   */
  public record ClientCertificate(
      @Pattern(regexp = "\\S(.*\\S)?", message = "a subject is wanted") @NotNull String subject,
      @NotNull Role role) {}

  /**
   * How the kernel is kept as wished.
   *
   * @param resyncPeriod how often everything is compared even without a kernel event
   */
  public record Reconcile(
      @DefaultValue("30s")
          @DurationMin(seconds = 1, message = "the period is at least 1s")
          @DurationMax(hours = 24, message = "the period is at most 24h")
          Duration resyncPeriod) {}

  /**
   * What WireGuard tunnels have beside others.
   *
   * @param socketDirectory where wg(8) looks for {@code <device>.sock}
   */
  public record Wireguard(@DefaultValue("/var/run/wireguard") Path socketDirectory) {}

  /**
   * How packets are moved.
   *
   * @param rehearsal how long packets cross at most inside the process after a start, so that the
   *     packet path is compiled before the first tunnel is ready; 0s for none
   */
  public record DataPlane(
      @DefaultValue("3s")
          @DurationMin(millis = 0, message = "the rehearsal is at least 0s")
          @DurationMax(seconds = 30, message = "the rehearsal is at most 30s")
          Duration rehearsal) {}
}
