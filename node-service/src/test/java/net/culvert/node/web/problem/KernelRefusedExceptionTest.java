package net.culvert.node.web.problem;

import static org.assertj.core.api.Assertions.assertThat;

import net.culvert.api.problem.Problem;
import net.culvert.api.problem.ProblemType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelRefusedExceptionTest {

  @ParameterizedTest
  @CsvSource({
    "EPERM, 503, unavailable",
    "EACCES, 503, unavailable",
    "EOPNOTSUPP, 503, unavailable",
    "ENODEV, 503, unavailable",
    "ENOBUFS, 503, unavailable",
    "EEXIST, 409, conflict",
    "EBUSY, 409, conflict",
    "EADDRINUSE, 409, conflict",
    "EINVAL, 409, conflict",
    "EIO, 500, refused",
  })
  void theErrnoDecidesTheStatus(String errno, int status, String type) {
    Problem problem =
        new KernelRefusedException("link veth1", "RTM_NEWLINK", errno, "words").problem();
    assertThat(problem.status()).isEqualTo(status);
    assertThat(problem.type().toString()).isEqualTo("urn:culvert:problem:" + type);
    assertThat(problem.errno()).isEqualTo(errno);
    assertThat(problem.call()).isEqualTo("RTM_NEWLINK");
    assertThat(problem.sentence()).isEqualTo("words");
    assertThat(problem.detail())
        .isEqualTo("link veth1: RTM_NEWLINK failed with " + errno + ": words");
  }

  @Test
  void aPathThatIsNoUriIsQuoted() {
    Problem problem = Problems.of(ProblemType.ABSENT, "x");
    assertThat(String.valueOf(Problems.at(problem, "/a b|c").instance())).isEqualTo("/a%20b%7Cc");
    assertThat(Problems.at(problem, null).instance()).isNull();
  }
}
