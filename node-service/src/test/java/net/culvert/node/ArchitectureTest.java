package net.culvert.node;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may know whom, each rule with its reason. */
class ArchitectureTest {

  private static final String NODE = "net.culvert.node.";

  private static final String[] FEATURES = {
    NODE + "namespace..",
    NODE + "link..",
    NODE + "address..",
    NODE + "route..",
    NODE + "neighbour..",
    NODE + "tunnel..",
    NODE + "ping..",
    NODE + "firewall..",
    NODE + "device..",
    NODE + "self..",
    NODE + "topology.."
  };

  private static final String[] EDGES = {
    NODE + "web..",
    NODE + "security..",
    NODE + "audit..",
    NODE + "health..",
    NODE + "persistence..",
    NODE + "configuration.."
  };

  private static final String[] PURE = {
    NODE + "transport..", NODE + "forwarding..", NODE + "packet.."
  };

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("net.culvert.node", "net.culvert.api");

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    check(
        slices()
            .matching("net.culvert.(**)")
            .should()
            .beFreeOfCycles()
            .because("a package that needs its user cannot be read, tested or replaced alone"));
  }

  @Test
  void nativeCallsHaveOneHome() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(NODE + "kernel.sys..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jnr..", "com.kenai..")
            .because("Syscalls is the one seam where tests make the kernel fail"));
  }

  @Test
  void theContractDependsOnNoServer() {
    check(
        noClasses()
            .that()
            .resideInAPackage("net.culvert.api..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "net.culvert.node..",
                "jnr..",
                "jakarta.servlet..",
                "org.springframework.boot..",
                "org.springframework.context..",
                "org.springframework.web.servlet..")
            .because("a user's program depends on the contract alone"));
  }

  @Test
  void springIsAShell() {
    check(
        noClasses()
            .that(
                resideInAPackage("net.culvert.node..")
                    .and(resideOutsideOfPackages(EDGES))
                    .and(
                        nameMatching(
                                ".*(Controller|Configuration|Properties|CulvertNode|Lifecycle)(\\$.*)?")
                            .negate()
                            .forSubtype()))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", "jakarta.servlet..")
            .because("engines and mechanisms are wired in constructors and tested without it"));
  }

  @Test
  void enginesKnowNoFeatureAndNoEdge() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(
                NODE + "reconcile..",
                NODE + "dataplane..",
                NODE + "transport..",
                NODE + "forwarding..",
                NODE + "packet..",
                NODE + "object..",
                NODE + "kernel..")
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(FEATURES)
                    .or(resideInAnyPackage(NODE + "web..", NODE + "security..", NODE + "health..")))
            .because("a new resource is added beside the engines, not inside them"));
  }

  @Test
  void reconcileKnowsNoKernel() {
    check(
        noClasses()
            .that()
            .resideInAPackage(NODE + "reconcile..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                NODE + "kernel..",
                NODE + "object..",
                NODE + "dataplane..",
                "net.culvert.api.value..")
            .because("planning is the same for every kind of object, and tested over a fake one"));
  }

  @Test
  void edgesKnowNoFeature() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(EDGES)
            .should()
            .dependOnClassesThat(resideInAnyPackage(FEATURES))
            .because("features use the edges; what an edge needs of one is an interface here"));
  }

  @ParameterizedTest
  @MethodSource("features")
  void aFeatureUsesAnotherOnlyByKey(String feature, String[] others) {
    check(
        noClasses()
            .that()
            .resideInAPackage(feature)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(others)
            .because("a route names a link; how links are made is none of its business"));
  }

  static Stream<Arguments> features() {
    List<String> nouns =
        Stream.of(FEATURES)
            .filter(each -> !each.contains("topology") && !each.contains("ping"))
            .toList();
    return nouns.stream()
        .map(each ->
            Arguments.of(
                each, nouns.stream().filter(other -> !other.equals(each)).toArray(String[]::new)));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void kernelPackagesStandOnTheOnesBelow(String layer, List<String> below) {
    String[] allowed =
        Stream.concat(
                Stream.concat(Stream.of(layer), below.stream())
                    .map(each -> NODE + "kernel." + each),
                Stream.of("net.culvert.api.value", NODE + "packet"))
            .toArray(String[]::new);
    check(
        noClasses()
            .that()
            .resideInAPackage(NODE + "kernel." + layer)
            .should()
            .dependOnClassesThat(
                resideInAPackage("net.culvert..").and(resideOutsideOfPackages(allowed)))
            .because(
                "a mechanism has no opinion on how it is used; what packets lie in is below all"));
  }

  static Stream<Arguments> layers() {
    return Stream.of(
        Arguments.of("abi", List.of()),
        Arguments.of("sys", List.of("abi")),
        Arguments.of("poll", List.of("sys", "abi")),
        Arguments.of("netns", List.of("sys", "abi")),
        Arguments.of("capability", List.of("sys", "abi")),
        Arguments.of("netlink", List.of("netns", "poll", "sys", "abi")),
        Arguments.of("rtnetlink", List.of("netlink", "netns", "poll", "sys", "abi")),
        Arguments.of("icmp", List.of("netns", "poll", "sys", "abi")),
        Arguments.of("tun", List.of("netns", "poll", "sys", "abi")),
        Arguments.of("udp", List.of("netns", "poll", "sys", "abi")));
  }

  @Test
  void protocolsArePure() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat(
                resideInAnyPackage("java.net..", "java.nio.channels..", NODE + "kernel..")
                    .or(belongToAnyOf(Thread.class, java.time.Clock.class)))
            .orShould()
            .callMethodWhere(
                target(owner(belongToAnyOf(System.class)))
                    .and(target(nameMatching("nanoTime|currentTimeMillis"))))
            .because("bytes, events and the time go in: so years are tested in milliseconds"));
  }

  @Test
  void threadsArePlatformThreads() {
    check(
        noClasses()
            .should()
            .callMethodWhere(
                target(nameMatching(".*(ofVirtual|startVirtualThread|newVirtualThread.*)")))
            .because("errno is kept by platform thread; on a virtual one it is somebody else's"));
  }

  @Test
  void theNodeRunsNoOtherProgram() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(NODE + "firewall..")
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(ProcessBuilder.class, Process.class)
            .because(
                "the kernel's own interfaces say what failed and why; ip(8) says it in prose."
                    + " The rules of other programs' packet filters are read by those programs"));
  }

  @Test
  void nothingIsPrinted() {
    check(
        noClasses()
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .dependOnClassesThat()
            .resideInAPackage("java.util.logging..")
            .because("a log has levels, and an administrator sets them in one place"));
  }

  @Test
  void namesSayWhatAThingIs() {
    check(
        classes()
            .that()
            .resideInAnyPackage("net.culvert..")
            .should()
            .haveNameNotMatching(
                ".*\\.(Base|Common|Abstract)[A-Z]\\w*|.*(Impl|Manager|Helper|Utils?)(\\$.*)?")
            .because("these words stand for a name that nobody looked for"));
  }

  @Test
  void everyPackageIsNullMarkedAndSaysWhatItIs() {
    TreeSet<String> without = new TreeSet<>();
    for (JavaClass each : CLASSES) {
      JavaPackage itsPackage = each.getPackage();
      if (!itsPackage.isAnnotatedWith(NullMarked.class)) {
        without.add(itsPackage.getName());
      }
    }
    assertThat(without).isEmpty();
  }
}
