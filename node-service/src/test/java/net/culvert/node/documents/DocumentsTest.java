package net.culvert.node.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import net.culvert.node.configuration.CulvertProperties;
import org.junit.jupiter.api.Test;

class DocumentsTest {

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)(#[^)]*)?\\)");
  private static final Pattern CLASS = Pattern.compile("`((?:[a-z]+\\.)+[A-Z]\\w+)`");

  /** A folder or file of the repository, as text names it. */
  private static final Pattern PLACE =
      Pattern.compile(
          "`((?:deploy|docs|control-api|node-service|\\.ci)/[A-Za-z0-9_./-]+)(?: [^`]*)?`");

  @Test
  void relativeLinksLeadToFiles() {
    List<String> broken = new ArrayList<>();
    for (Path file : Documents.all()) {
      for (MatchResult link : LINK.matcher(Documents.read(file)).results().toList()) {
        String target = link.group(1);
        if (!target.contains("://") && !Files.exists(file.resolveSibling(target))) {
          broken.add(file.getFileName() + ": " + target);
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void placesThatAreNamedExist() {
    List<String> absent = new ArrayList<>();
    for (Path file : Documents.all()) {
      for (MatchResult place : PLACE.matcher(Documents.read(file)).results().toList()) {
        String name = place.group(1);
        boolean built = name.contains("/target/");
        if (!built && !Files.exists(Documents.TOP.resolve(name))) {
          absent.add(file.getFileName() + ": " + name);
        }
      }
    }
    assertThat(absent).isEmpty();
  }

  @Test
  void classesThatAreNamedExist() {
    List<String> absent = new ArrayList<>();
    for (Path file : Documents.all()) {
      for (MatchResult name : CLASS.matcher(Documents.read(file)).results().toList()) {
        if (!exists("net.culvert.node." + name.group(1))
            && !exists("net.culvert.api." + name.group(1))
            && !exists(name.group(1))) {
          absent.add(file.getFileName() + ": " + name.group(1));
        }
      }
    }
    assertThat(absent).isEmpty();
  }

  @Test
  void everySettingStandsInTheReadme() {
    String readme = Documents.read("README.md");
    assertThat(settings("culvert", CulvertProperties.class))
        .hasSizeGreaterThan(5)
        .allSatisfy(name -> assertThat(readme).contains("`" + name + "`"));
  }

  private static List<String> settings(String prefix, Class<?> properties) {
    List<String> names = new ArrayList<>();
    for (RecordComponent component : properties.getRecordComponents()) {
      String name =
          prefix + "." + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
      if (component.getType().isRecord()
          && component.getType().getEnclosingClass() == CulvertProperties.class) {
        names.addAll(settings(name, component.getType()));
      } else {
        names.add(name);
      }
    }
    return names;
  }

  @Test
  void everyLibraryHasItsLicenceWrittenDown() {
    String page = Documents.read("docs/licences.md");
    List<Pattern> known =
        Pattern.compile("`([A-Za-z0-9.*-]+)`")
            .matcher(page)
            .results()
            .map(name -> name.group(1).replace(".", "\\.").replace("*", ".*"))
            .map(Pattern::compile)
            .toList();
    TreeSet<String> unknown = new TreeSet<>();
    int libraries = 0;
    for (String entry : System.getProperty("java.class.path").split(":")) {
      String file = Path.of(entry).getFileName().toString();
      if (file.endsWith(".jar") && !file.startsWith("control-api-") && !isSurefire(file)) {
        libraries++;
        String artifact = file.replaceFirst("-\\d.*", "");
        if (known.stream().noneMatch(pattern -> pattern.matcher(artifact).matches())) {
          unknown.add(artifact);
        }
      }
    }
    assertThat(unknown).isEmpty();
    assertThat(libraries).isGreaterThan(50);
  }

  private static boolean isSurefire(String file) {
    return file.startsWith("surefire");
  }

  private static boolean exists(String name) {
    try {
      Class.forName(name, false, DocumentsTest.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
