package io.fynbos.labs.tidy;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The arrows between modules, as docs/decisions/001 draws them. Maven already refuses an arrow to a
 * module that is not a dependency; these rules also hold inside a module and for libraries.
 */
class ImportArrowsTest {
  /** Packages whose classes are functions of records: same arguments, same answer. */
  private static final String[] PURE = {
    "io.fynbos.policy..", "io.fynbos.controller.pipeline..", "io.fynbos.controller.compile.."
  };

  /** What gives another answer each time it is asked. */
  private static final Set<String> IMPURE_CALLS =
      Set.of(
          "java.lang.System.currentTimeMillis",
          "java.lang.System.nanoTime",
          "java.lang.System.getenv",
          "java.lang.Math.random",
          "java.time.Instant.now",
          "java.time.LocalDateTime.now",
          "java.time.ZonedDateTime.now",
          "java.util.UUID.randomUUID");

  private static JavaClasses fynbos;

  @BeforeAll
  static void importClasses() {
    ImportOption noTestJars = (Location location) -> !location.contains("-tests.jar");
    fynbos =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(noTestJars)
            .importPackages("io.fynbos");
  }

  @Test
  void modulesImportDownwardOnly() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .withOptionalLayers(true)
        .layer("policy")
        .definedBy("io.fynbos.policy..")
        .layer("routing")
        .definedBy("io.fynbos.routing..")
        .layer("anycast-dns")
        .definedBy("io.fynbos.dns..")
        .layer("vm-attach")
        .definedBy("io.fynbos.vmattach..")
        .layer("openflow")
        .definedBy("io.fynbos.openflow..")
        .layer("server")
        .definedBy("io.fynbos.controller..")
        .layer("agent")
        .definedBy("io.fynbos.agent..")
        .layer("labs")
        .definedBy("io.fynbos.labs..")
        .whereLayer("policy")
        .mayNotAccessAnyLayer()
        .whereLayer("openflow")
        .mayNotAccessAnyLayer()
        .whereLayer("routing")
        .mayOnlyAccessLayers("policy")
        .whereLayer("anycast-dns")
        .mayOnlyAccessLayers("policy")
        .whereLayer("vm-attach")
        .mayOnlyAccessLayers("policy")
        .whereLayer("server")
        .mayOnlyAccessLayers("openflow", "routing", "anycast-dns", "policy")
        .whereLayer("agent")
        .mayOnlyAccessLayers("anycast-dns", "vm-attach", "routing", "openflow", "policy")
        .whereLayer("labs")
        .mayNotBeAccessedByAnyLayer()
        .check(fynbos);
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching("io.fynbos.(**)").should().beFreeOfCycles().check(fynbos);
  }

  @Test
  void onlyOpenflowKnowsItsCodecLibrary() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.fynbos.openflow..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.projectfloodlight..")
        .check(fynbos);
  }

  @Test
  void onlyTheStoreSpeaksSql() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.fynbos.controller.store..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "javax.sql..", "org.sqlite..")
        .check(fynbos);
  }

  @Test
  void pureCodeHasNoLoggerNoRandomAndNoSocket() {
    DescribedPredicate<JavaClass> shell =
        resideInAnyPackage(
                "org.slf4j..",
                "ch.qos.logback..",
                "io.netty..",
                "com.linecorp.armeria..",
                "java.net.http..",
                "java.nio.channels..",
                "java.nio.file..",
                "java.security..")
            .or(
                describe(
                    "a clock, a random, a file or a socket",
                    type ->
                        Set.of(
                                "java.time.Clock",
                                "java.time.InstantSource",
                                "java.util.Random",
                                "java.util.concurrent.ThreadLocalRandom",
                                "java.io.File",
                                "java.io.FileInputStream",
                                "java.io.FileOutputStream",
                                "java.net.Socket",
                                "java.net.InetAddress")
                            .contains(type.getName())));
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .dependOnClassesThat(shell)
        .allowEmptyShould(true)
        .check(fynbos);
  }

  @Test
  void pureCodeAsksNeitherTheTimeNorTheDice() {
    DescribedPredicate<JavaCall<?>> impure =
        describe(
            "answers differently each time",
            call ->
                IMPURE_CALLS.contains(
                    call.getTargetOwner().getName() + "." + call.getTarget().getName()));
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .callMethodWhere(impure)
        .allowEmptyShould(true)
        .check(fynbos);
  }

  @Test
  void classesAreNamedForWhatTheyMakeOrAre() {
    noClasses().should().haveNameMatching(".*(Impl|Manager|Helper|Utils?)").check(fynbos);
  }
}
