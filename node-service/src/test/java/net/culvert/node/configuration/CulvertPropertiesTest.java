package net.culvert.node.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import net.culvert.api.token.Role;
import net.culvert.api.value.ResourceName;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;

/** Pins names and defaults: administrators have them in files. */
class CulvertPropertiesTest {

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner().withUserConfiguration(PropertiesAlone.class);

  @EnableConfigurationProperties(CulvertProperties.class)
  static class PropertiesAlone {

    @Bean
    static ConfigurationPropertiesBindHandlerAdvisor mistakeCollector() {
      return MistakeCollector::new;
    }
  }

  @Test
  void defaults() {
    runner.run(context -> {
      CulvertProperties properties = context.getBean(CulvertProperties.class);
      assertThat(properties.firewall()).isEqualTo(FirewallMode.OBSERVE);
      assertThat(properties.nodeName()).isEqualTo(HostName.current());
      assertThat(properties.stateDirectory()).isEqualTo(Path.of("/var/lib/culvert"));
      assertThat(properties.api())
          .isEqualTo(
              new CulvertProperties.Api(
                  null,
                  Duration.ofSeconds(10),
                  1 << 20,
                  64 << 20,
                  16,
                  30,
                  2000,
                  48,
                  false,
                  List.of(),
                  new CulvertProperties.Cors(List.of()),
                  List.of()));
      assertThat(properties.reconcile())
          .isEqualTo(new CulvertProperties.Reconcile(Duration.ofSeconds(30)));
      assertThat(properties.bootstrap())
          .isEqualTo(new CulvertProperties.Bootstrap(null, CulvertProperties.Bootstrap.Mode.ONCE));
      assertThat(properties.onStop()).isEqualTo(CulvertProperties.OnStop.KEEP);
    });
  }

  @Test
  void names() {
    runner
        .withPropertyValues(
            "culvert.node-name=node-a",
            "culvert.state-directory=/srv/x/../culvert",
            "culvert.api.token=0123456789abcdef",
            "culvert.api.apply-wait=2s",
            "culvert.api.max-body-bytes=2048",
            "culvert.api.max-topology-bytes=4096",
            "culvert.api.max-streams=3",
            "culvert.api.max-failures=5",
            "culvert.api.max-requests=7",
            "culvert.api.max-concurrent-requests=9",
            "culvert.api.allow-plaintext=true",
            "culvert.api.allowed-hosts=a.example.org,b",
            "culvert.api.cors.allowed-origins=https://x.example.org:8443",
            "culvert.api.client-certificates[0].subject=CN=ops,O=x",
            "culvert.api.client-certificates[0].role=operate",
            "culvert.reconcile.resync-period=1m",
            "culvert.data-plane.rehearsal=0s",
            "culvert.wireguard.socket-directory=/run/wg",
            "culvert.firewall=allow",
            "culvert.bootstrap.topology=/etc/culvert/topology.yaml",
            "culvert.bootstrap.mode=always",
            "culvert.on-stop=remove")
        .run(context -> {
          CulvertProperties properties = context.getBean(CulvertProperties.class);
          assertThat(properties)
              .isEqualTo(
                  new CulvertProperties(
                      new ResourceName("node-a"),
                      Path.of("/srv/culvert"),
                      new CulvertProperties.Api(
                          "0123456789abcdef",
                          Duration.ofSeconds(2),
                          2048,
                          4096,
                          3,
                          5,
                          7,
                          9,
                          true,
                          List.of("a.example.org", "b"),
                          new CulvertProperties.Cors(List.of("https://x.example.org:8443")),
                          List.of(
                              new CulvertProperties.ClientCertificate("CN=ops,O=x", Role.OPERATE))),
                      new CulvertProperties.Reconcile(Duration.ofMinutes(1)),
                      new CulvertProperties.DataPlane(Duration.ZERO),
                      new CulvertProperties.Wireguard(Path.of("/run/wg")),
                      FirewallMode.ALLOW,
                      new CulvertProperties.Bootstrap(
                          Path.of("/etc/culvert/topology.yaml"),
                          CulvertProperties.Bootstrap.Mode.ALWAYS),
                      CulvertProperties.OnStop.REMOVE));
          assertThat(properties.toString()).doesNotContain("0123456789abcdef");
        });
  }

  @Test
  void everyMistakeIsASentence() {
    runner
        .withPropertyValues(
            "culvert.node-name=a/b",
            "culvert.api.apply-wait=soon",
            "culvert.api.max-streams=none",
            "culvert.reconcile.resync-period=later",
            "culvert.bootstrap.mode=often")
        .run(context ->
            assertThat(refusal(context))
                .hasMessageStartingWith("The configuration has 5 mistakes:\n")
                .hasMessageContaining("culvert.bootstrap.mode is 'often': once or always is wanted")
                .hasMessageContaining(
                    "culvert.node-name is 'a/b': a name is made of A-Z a-z 0-9 . _ -")
                .hasMessageContaining(
                    "culvert.api.apply-wait is 'soon': a duration such as 10s or 500ms is"
                        + " wanted")
                .hasMessageContaining("culvert.api.max-streams is 'none': a whole number is wanted")
                .hasMessageContaining("culvert.reconcile.resync-period is 'later'"));
  }

  @Test
  void limitsAreChecked() {
    runner
        .withPropertyValues(
            "culvert.api.apply-wait=1h",
            "culvert.api.max-body-bytes=1",
            "culvert.api.max-streams=0",
            "culvert.reconcile.resync-period=1ms")
        .run(context ->
            assertThat(refusal(context))
                .hasMessageContaining("4 mistakes")
                .hasMessageContaining("culvert.api.apply-wait is 'PT1H': the wait is at most 5m")
                .hasMessageContaining(
                    "culvert.api.max-body-bytes is '1': the limit is at least 1024 bytes")
                .hasMessageContaining(
                    "culvert.api.max-streams is '0': at least one stream is allowed")
                .hasMessageContaining("culvert.reconcile.resync-period is 'PT0.001S'"));
  }

  @Test
  void namesOfOthersAreChecked() {
    runner
        .withPropertyValues(
            "culvert.api.allowed-hosts=http://a",
            "culvert.api.cors.allowed-origins=*",
            "culvert.api.client-certificates[0].subject=ops",
            "culvert.api.client-certificates[0].role=root")
        .run(context ->
            assertThat(refusal(context))
                .hasMessageContaining(
                    "culvert.api.allowed-hosts[0] is 'http://a': a host's name is wanted")
                .hasMessageContaining(
                    "culvert.api.cors.allowed-origins[0] is '*': an origin is wanted")
                .hasMessageContaining("culvert.api.client-certificates[0].role is 'root'"));
  }

  @Test
  void aBadTokenIsNotPrinted() {
    runner
        .withPropertyValues("culvert.api.token=short")
        .run(context ->
            assertThat(refusal(context))
                .hasMessageContaining("culvert.api.token: a token has at least 16 characters")
                .hasMessageNotContaining("short"));
  }

  @Test
  void anUnknownNameIsRefused() {
    runner
        .withPropertyValues("culvert.api.tokn=0123456789abcdef", "culvert.nodename=a")
        .run(context ->
            assertThat(refusal(context))
                .hasMessageContaining("culvert.api.tokn: there is no such property"));
  }

  private static StartRefusedException refusal(AssertableApplicationContext context) {
    Throwable failure = context.getStartupFailure();
    while (failure != null && !(failure instanceof StartRefusedException)) {
      failure = failure.getCause();
    }
    assertThat(failure).as("refusal behind %s", context.getStartupFailure()).isNotNull();
    return (StartRefusedException) Objects.requireNonNull(failure);
  }
}
