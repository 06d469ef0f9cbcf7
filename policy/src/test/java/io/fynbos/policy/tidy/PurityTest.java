package io.fynbos.policy.tidy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The core is pure, and only the wire package knows how things are written. */
class PurityTest {
  private static JavaClasses policy;

  @BeforeAll
  static void importClasses() {
    policy =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.fynbos.policy");
  }

  @Test
  void nothingHasAClockASocketAFileOrALogger() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.time..",
            "java.net..",
            "java.nio.file..",
            "java.nio.channels..",
            "java.util.logging..",
            "java.util.concurrent..",
            "org.slf4j..",
            "java.lang.reflect..")
        .check(policy);
  }

  @Test
  void nothingIsRandomOrAsksTheMachine() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.util\\.(Random|SplittableRandom|Timer|Date)|java\\.lang\\.(Thread|ProcessBuilder)|java\\.security\\.SecureRandom")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .orShould()
        .callMethod(System.class, "getProperty", String.class)
        .orShould()
        .callMethod(java.util.UUID.class, "randomUUID")
        .orShould()
        .callMethod(Math.class, "random")
        .check(policy);
  }

  @Test
  void onlyTheWireKnowsJackson() {
    noClasses()
        .that()
        .resideOutsideOfPackage("..policy.wire..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.fasterxml..", "org.yaml..", "java.io..")
        .check(policy);
  }

  @Test
  void theModelKnowsNoOtherPackage() {
    noClasses()
        .that()
        .resideInAPackage("..policy.model..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "..policy.image..",
            "..policy.decide..",
            "..policy.identity..",
            "..policy.verdict..",
            "..policy.report..",
            "..policy.wire..")
        .check(policy);
  }

  @Test
  void theImageKnowsOnlyTheModel() {
    noClasses()
        .that()
        .resideInAPackage("..policy.image..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "..policy.decide..",
            "..policy.identity..",
            "..policy.verdict..",
            "..policy.report..",
            "..policy.wire..")
        .check(policy);
  }

  @Test
  void decisionsAndVerdictsDoNotKnowHowTheyAreWritten() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "..policy.decide..", "..policy.identity..", "..policy.verdict..", "..policy.report..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("..policy.wire..")
        .check(policy);
  }
}
