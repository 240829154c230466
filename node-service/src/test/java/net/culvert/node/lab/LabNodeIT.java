package net.culvert.node.lab;

import static org.assertj.core.api.Assertions.assertThat;

import net.culvert.node.testing.RequiresRoot;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How a node is started and ended, without anything that it could be asked for. */
@RequiresRoot
@Tag("lab")
class LabNodeIT {

  @Test
  void startsReadyAndEndsCleanly() {
    try (Lab lab = new Lab()) {
      LabNode node = lab.start(lab.a()).awaitReady();
      assertThat(node.http("GET", "/actuator/health", "").statusCode()).isEqualTo(200);
      assertThat(node.host().run("readlink", "/proc/" + node.pid() + "/ns/net"))
          .isEqualTo(lab.a().inside().run("readlink", "/proc/self/ns/net"));
      assertThat(node.terminate()).isIn(0, 143);
      assertThat(node.log()).doesNotContain("\tat ", " ERROR ");
    }
  }

  @Test
  void aNodeWithARunDirectoryOfItsOwnSharesNoNames() {
    try (Lab lab = new Lab()) {
      LabNode node =
          lab.start(lab.a(), new LabNode.Options(true, java.util.Map.of(), java.util.List.of()));
      node.awaitReady();
      assertThat(node.host().run("ls", "/run/netns")).isEmpty();
    }
  }
}
