package net.culvert.node.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code docs/the-article.md} tells its reader to type: the lines of its {@code sh} blocks, by
 * the number of the section that they stand in.
 */
record ArticlePage(Map<Integer, List<Line>> sections) {

  private static final Pattern HEADING = Pattern.compile("## (\\d+)\\. .+");
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

  /**
   * One line to type.
   *
   * @param target {@code node1} and {@code node2} make a REST call, {@code on1} and {@code on2} run
   *     a command
   * @param words behind it, without quotation marks
   */
  record Line(String target, List<String> words) {

    /** Of a REST call. */
    String method() {
      return words.get(0);
    }

    /** Of a REST call, with its query. */
    String path() {
      return words.get(1);
    }

    /** Of a REST call; empty where there is none. */
    String body() {
      return words.size() > 2 && !words.get(2).equals("&") ? words.get(2) : "";
    }
  }

  static ArticlePage read() {
    List<String> lines;
    try {
      lines = Files.readAllLines(page());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<Integer, List<Line>> sections = new TreeMap<>();
    int section = -1;
    boolean toType = false;
    for (String line : lines) {
      Matcher heading = HEADING.matcher(line);
      if (heading.matches()) {
        section = Integer.parseInt(heading.group(1));
      } else if (line.startsWith("```")) {
        toType = line.equals("```sh");
      } else if (toType) {
        sections.computeIfAbsent(section, any -> new ArrayList<>()).add(parse(line));
      }
    }
    return new ArticlePage(sections);
  }

  private static Path page() {
    return LabNode.checkout().resolve("docs/the-article.md");
  }

  private static Line parse(String line) {
    List<String> words =
        WORD.matcher(line)
            .results()
            .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
            .toList();
    if (!words.getFirst().matches("(node|on)[12]")) {
      throw new AssertionError("nobody knows how to do: " + line);
    }
    return new Line(words.getFirst(), words.subList(1, words.size()));
  }
}
