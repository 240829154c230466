package net.culvert.node.kernel.abi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.culvert.node.testing.MachineConditions;
import net.culvert.node.testing.RequiresCommand;
import net.culvert.node.testing.Shell;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares every constant and every structure's layout with the C headers of this machine, by a
 * program that the C compiler makes of them.
 */
class InstalledHeadersTest {

  private static final Path CLASSES = Path.of("target/classes/net/culvert/node/kernel/abi");

  private static final Pattern ABSENT_HEADER = Pattern.compile("fatal error: (\\S+): No such file");

  @Test
  @RequiresCommand("cc")
  void everyConstantIsTheHeaders(@TempDir Path folder) throws Exception {
    int compared = 0;
    for (Class<?> type : abiClasses()) {
      Map<String, Long> expected = new LinkedHashMap<>();
      Path source = folder.resolve(type.getSimpleName() + ".c");
      Files.writeString(source, probe(type, expected));
      Path program = folder.resolve(type.getSimpleName());
      Shell.Result compiled =
          Shell.attempt("cc", "-w", "-o", program.toString(), source.toString());
      Matcher absent = ABSENT_HEADER.matcher(compiled.output());
      if (absent.find()) {
        MachineConditions.assumePresent(List.of("the header " + absent.group(1)));
      }
      assertThat(compiled.exitCode()).as("cc says %s", compiled.output()).isZero();
      for (String line : Shell.run(program.toString()).lines().toList()) {
        String[] words = line.split("=");
        assertThat(expected)
            .as("%s of %s", words[0], type.getSimpleName())
            .containsEntry(words[0], Long.parseLong(words[1]));
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(500);
  }

  /** A program that prints NAME=VALUE for each constant that headers of its age know. */
  private static String probe(Class<?> type, Map<String, Long> expected) throws Exception {
    StringBuilder c =
        new StringBuilder("#define _GNU_SOURCE\n#include <stdio.h>\n#include <stddef.h>\n");
    c.append("#include <linux/version.h>\n");
    for (String header : type.getAnnotation(Header.class).value()) {
      c.append("#include <").append(header).append(">\n");
    }
    c.append("int main(void) {\n");
    for (Field constant : constants(type)) {
      Since since = constant.getAnnotation(Since.class);
      if (since != null) {
        String[] version = since.value().split("\\.");
        c.append(
            "#if LINUX_VERSION_CODE >= (%s << 16) + (%s << 8)\n".formatted((Object[]) version));
      }
      print(c, constant.getName(), constant.getName());
      if (since != null) {
        c.append("#endif\n");
      }
      expected.put(constant.getName(), unsigned(constant));
    }
    for (Class<?> nested : type.getDeclaredClasses()) {
      String struct = "struct " + nested.getAnnotation(Struct.class).value();
      for (Field constant : constants(nested)) {
        String name = nested.getSimpleName() + "." + constant.getName();
        String field = constant.getName().toLowerCase(Locale.ROOT);
        print(
            c,
            name,
            field.equals("sizeof")
                ? "sizeof(" + struct + ")"
                : "offsetof(" + struct + ", " + field + ")");
        expected.put(name, unsigned(constant));
      }
    }
    return c.append("}\n").toString();
  }

  private static void print(StringBuilder c, String name, String expression) {
    c.append(
        "printf(\"%s=%%lld\\n\", (long long) (%s) & 0xffffffffLL);\n".formatted(name, expression));
  }

  private static long unsigned(Field constant) throws IllegalAccessException {
    return constant.getInt(null) & 0xffff_ffffL;
  }

  private static List<Field> constants(Class<?> type) {
    return Arrays.stream(type.getDeclaredFields())
        .filter(field -> Modifier.isPublic(field.getModifiers()) && field.getType() == int.class)
        .toList();
  }

  private static List<Class<?>> abiClasses() throws IOException, ClassNotFoundException {
    List<Class<?>> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(CLASSES)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString().replace(".class", "");
        if (!name.contains("$") && !name.equals("package-info")) {
          Class<?> type = Class.forName(Header.class.getPackageName() + "." + name);
          if (!type.isAnnotation()) {
            assertThat(type.getAnnotation(Header.class)).as("header of %s", name).isNotNull();
            found.add(type);
          }
        }
      }
    }
    assertThat(found).isNotEmpty();
    return found;
  }
}
