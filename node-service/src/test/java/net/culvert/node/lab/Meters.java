package net.culvert.node.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;

/** One scrape of {@code /actuator/prometheus}. */
record Meters(List<String> lines) {

  static Meters scrape(LabNode node) {
    HttpResponse<String> answer = node.http("GET", "/actuator/prometheus", "");
    assertThat(answer.statusCode()).isEqualTo(200);
    return new Meters(answer.body().lines().toList());
  }

  /**
   * The sum of all samples of that name with these labels; 0 where there is none yet.
   *
   * @param labels such as {@code tunnel="tun0"}
   */
  double value(String name, String... labels) {
    return lines.stream()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .filter(line -> Arrays.stream(labels).allMatch(line::contains))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
