package io.fynbos.policy.tidy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The core is pure, and only the wire package knows how things are written. */
@AnalyzeClasses(packages = "io.fynbos.policy", importOptions = ImportOption.DoNotIncludeTests.class)
class PurityTest {
  @ArchTest
  static final ArchRule nothingHasAClockASocketAFileOrALogger =
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
              "java.lang.reflect..");

  @ArchTest
  static final ArchRule nothingIsRandomOrAsksTheMachine =
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
          .callMethod(Math.class, "random");

  @ArchTest
  static final ArchRule onlyTheWireKnowsJackson =
      noClasses()
          .that()
          .resideOutsideOfPackage("..policy.wire..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.fasterxml..", "org.yaml..", "java.io..");

  @ArchTest
  static final ArchRule theModelKnowsNoOtherPackage =
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
              "..policy.wire..");

  @ArchTest
  static final ArchRule theImageKnowsOnlyTheModel =
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
              "..policy.wire..");

  @ArchTest
  static final ArchRule decisionsAndVerdictsDoNotKnowHowTheyAreWritten =
      noClasses()
          .that()
          .resideInAnyPackage(
              "..policy.decide..", "..policy.identity..", "..policy.verdict..", "..policy.report..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..policy.wire..");
}
