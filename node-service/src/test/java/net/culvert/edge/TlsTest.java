package net.culvert.edge;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import net.culvert.node.testing.Shell;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The API by TLS: with a token, or a certificate in its place, and with a certificate renewed. */
class TlsTest {

  private static final String TOKEN = "the-token-of-the-tls-tests";
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir static Path folder;

  private static ConfigurableApplicationContext node;
  private static KeyStore first;
  private static KeyStore second;
  private static KeyStore operator;
  private static KeyStore unknown;

  @BeforeAll
  static void start() throws Exception {
    first = make("first", "CN=node,O=Culvert");
    second = make("second", "CN=node,O=Culvert");
    operator = make("operator", "CN=ops,O=Example");
    unknown = make("unknown", "CN=somebody,O=Example");
    Path trusted = folder.resolve("clients.crt");
    Files.writeString(trusted, pem("CERTIFICATE", certificate(operator).getEncoded()));
    Files.writeString(
        trusted, pem("CERTIFICATE", certificate(unknown).getEncoded()), StandardOpenOption.APPEND);
    install(first);
    node =
        new SpringApplicationBuilder(EdgeApplication.class)
            .run(
                "--server.port=0",
                "--server.address=0.0.0.0",
                "--server.ssl.bundle=node",
                "--server.ssl.client-auth=want",
                "--spring.ssl.bundle.pem.node.reload-on-update=true",
                "--spring.ssl.bundle.watch.file.quiet-period=200ms",
                "--spring.ssl.bundle.pem.node.keystore.certificate=file:"
                    + folder.resolve("node.crt"),
                "--spring.ssl.bundle.pem.node.keystore.private-key=file:"
                    + folder.resolve("node.key"),
                "--spring.ssl.bundle.pem.node.truststore.certificate=file:" + trusted,
                "--culvert.api.client-certificates[0].subject=CN=ops, O=Example",
                "--culvert.api.client-certificates[0].role=operate",
                "--culvert.state-directory=" + folder.resolve("state"),
                "--culvert.api.token=" + TOKEN);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  /** A key pair with a certificate of its own. */
  private static KeyStore make(String name, String subject) throws Exception {
    Path file = folder.resolve(name + ".p12");
    Shell.run(
        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
        "-genkeypair",
        "-alias",
        "it",
        "-keyalg",
        "EC",
        "-dname",
        subject,
        "-ext",
        "san=ip:127.0.0.1",
        "-validity",
        "2",
        "-storetype",
        "PKCS12",
        "-storepass",
        new String(PASSWORD),
        "-keystore",
        file.toString());
    return KeyStore.getInstance(file.toFile(), PASSWORD);
  }

  private static X509Certificate certificate(KeyStore store) throws Exception {
    return (X509Certificate) store.getCertificate("it");
  }

  private static String pem(String what, byte[] bytes) {
    String text =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(bytes);
    return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
  }

  /** As a renewal does it: both files are replaced. */
  private static void install(KeyStore store) throws Exception {
    PrivateKey key = (PrivateKey) store.getKey("it", PASSWORD);
    replace("node.key", pem("PRIVATE KEY", key.getEncoded()));
    replace("node.crt", pem("CERTIFICATE", certificate(store).getEncoded()));
  }

  private static void replace(String name, String text) throws Exception {
    Path draft = Files.writeString(folder.resolve(name + ".new"), text);
    Files.move(draft, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private static int port() {
    return node.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  /** Trusts both of the node's certificates, and shows one of its own where there is one. */
  private static SSLContext context(@Nullable KeyStore own) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("first", certificate(first));
    trusted.setCertificateEntry("second", certificate(second));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static HttpResponse<String> call(
      String method, String path, @Nullable KeyStore own, @Nullable String token) throws Exception {
    try (HttpClient client = HttpClient.newBuilder().sslContext(context(own)).build()) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port() + path))
              .timeout(Duration.ofSeconds(20))
              .method(method, BodyPublishers.ofString("{}"))
              .header("Content-Type", "application/json");
      if (token != null) {
        request.header("Authorization", "Bearer " + token);
      }
      return client.send(request.build(), BodyHandlers.ofString());
    }
  }

  @Test
  void everyAddressNeedsNoWordWhereThereIsTls() throws Exception {
    HttpResponse<String> health = call("GET", "/actuator/health", null, TOKEN);
    assertThat(health.statusCode()).isEqualTo(200);
    assertThat(health.body()).contains("\"tls\":true");
    assertThat(health.headers().firstValue("Strict-Transport-Security")).isPresent();
    assertThat(call("GET", "/api/v1/namespaces", null, null).statusCode()).isEqualTo(401);
  }

  @Test
  void aCertificateTakesThePlaceOfAToken() throws Exception {
    assertThat(call("PUT", "/api/v1/namespaces/tls", operator, null).statusCode()).isIn(200, 201);
    assertThat(call("GET", "/api/v1/tokens", operator, null).statusCode()).isEqualTo(403);
    HttpResponse<String> refused = call("GET", "/api/v1/namespaces", unknown, null);
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).contains("subject has no role here");
    assertThat(call("GET", "/api/v1/tokens", unknown, TOKEN).statusCode()).isEqualTo(200);

    HttpResponse<String> audit = call("GET", "/api/v1/audit", null, TOKEN);
    assertThat(audit.body())
        .contains("\"caller\":\"CN=ops,O=Example\",\"credential\":\"certificate\"");
  }

  private static Certificate served() throws Exception {
    try (Socket socket =
        context(null).getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port())) {
      socket.setSoTimeout(5000);
      SSLSocket tls = (SSLSocket) socket;
      tls.startHandshake();
      return tls.getSession().getPeerCertificates()[0];
    }
  }

  @Test
  void aRenewedCertificateIsServedWithoutAStart() throws Exception {
    assertThat(served()).isEqualTo(certificate(first));
    install(second);
    await()
        .atMost(60, SECONDS)
        .untilAsserted(() -> assertThat(served()).isEqualTo(certificate(second)));
    assertThat(call("GET", "/api/v1/namespaces", null, TOKEN).statusCode()).isEqualTo(200);
    assertThat(call("GET", "/api/v1/namespaces", operator, null).statusCode()).isEqualTo(200);
    install(first);
    await()
        .atMost(60, SECONDS)
        .untilAsserted(() -> assertThat(served()).isEqualTo(certificate(first)));
  }
}
