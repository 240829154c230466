package net.culvert.node.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.culvert.node.testing.RequiresCommand;
import net.culvert.node.testing.Shell;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The systemd unit, as {@code systemd-analyze security} judges it. */
@RequiresCommand("systemd-analyze")
class ServiceUnitTest {

  private static final Path UNIT = Documents.TOP.resolve("deploy/culvert-node.service");
  private static final Pattern EXPOSURE = Pattern.compile("exposure level for .*: ([0-9.]+)");
  private static final Pattern MISSING = Pattern.compile("✗ ([A-Za-z]+=)");

  @TempDir static Path folder;

  private static String judgement;

  @BeforeAll
  static void judge() throws Exception {
    // A copy: it would also read what lies beside the unit.
    Path copy = Files.copy(UNIT, folder.resolve("culvert-node.service"));
    judgement =
        Shell.run(
            List.of(
                "env",
                "LC_ALL=C.UTF-8",
                "SYSTEMD_EMOJI=0",
                "SYSTEMD_COLORS=0",
                "SYSTEMD_PAGER=cat",
                "systemd-analyze",
                "security",
                "--no-pager",
                "--offline=true",
                copy.toString()));
  }

  @Test
  void isExposedAsLittleAsANodeCanBe() {
    Matcher exposure = EXPOSURE.matcher(judgement);
    assertThat(exposure.find()).as(judgement).isTrue();
    assertThat(Double.parseDouble(exposure.group(1))).isLessThanOrEqualTo(4.5);
  }

  @Test
  void whatItLeavesOutIsExplained() throws Exception {
    String unit = Files.readString(UNIT);
    String comments = String.join("\n", unit.lines().filter(line -> line.startsWith("#")).toList());
    List<String> unexplained = new ArrayList<>();
    Matcher missing = MISSING.matcher(judgement);
    int count = 0;
    while (missing.find()) {
      count++;
      if (!comments.contains(missing.group(1))) {
        unexplained.add(missing.group(1));
      }
    }
    assertThat(unexplained).isEmpty();
    assertThat(count).isGreaterThan(10);
  }
}
