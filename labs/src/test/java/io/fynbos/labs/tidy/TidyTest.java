package io.fynbos.labs.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The style that a machine can check, over every file of the source tree. */
class TidyTest {
  private static final int LINES_MAX = 700;
  private static final Set<String> TEXT =
      Set.of("java", "xml", "md", "yaml", "yml", "flows", "sh", "txt", "properties", "json");
  // The brackets keep these patterns from finding themselves.
  private static final Pattern MACHINE_PATH =
      Pattern.compile("(?<![\\w.$}~-])/(home|root|Users|work|farm|tmp/fyn)/\\w");
  private static final Pattern UNFINISHED =
      Pattern.compile("TOD[O]|FIXM[E]|\\bXX[X]\\b|@Disable[d]|printStackTrac[e]|Thread[.]sleep\\(");
  private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]+)(#[^)]*)?\\)");

  private static Path root;
  private static List<Path> files;

  @BeforeAll
  static void listFiles() throws IOException {
    root = SourceTree.root();
    files = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            boolean source =
                folder.equals(root)
                    || name.equals(".ci")
                    || (!name.startsWith(".") && !name.equals("target"));
            return source ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              files.add(root.relativize(file));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    files.sort(null);
  }

  @Test
  void noFileNamesAPathOfOneMachine() throws IOException {
    assertThat(linesWith(MACHINE_PATH, TidyTest::text)).isEmpty();
  }

  @Test
  void nothingIsLeftUnfinishedAndNothingSleeps() throws IOException {
    assertThat(linesWith(UNFINISHED, TidyTest::java)).isEmpty();
  }

  @Test
  void noRuleStandsWhereSurefireDoesNotRunIt() throws IOException {
    assertThat(linesWith(Pattern.compile("@ArchTes[t]"), TidyTest::java)).isEmpty();
  }

  @Test
  void aSourceFileIsReadInOneSitting() throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (Path file : files) {
      if (java(file) && lines(file).size() > LINES_MAX) {
        tooLong.add(file + " has " + lines(file).size() + " lines");
      }
    }
    assertThat(tooLong).isEmpty();
  }

  @Test
  void everyPackageSaysWhatItDoesAndIsNullMarked() throws IOException {
    Set<Path> packages = new TreeSet<>();
    files.stream()
        .filter(file -> java(file) && file.toString().contains("src/main/java"))
        .forEach(file -> packages.add(file.getParent()));
    List<String> silent = new ArrayList<>();
    for (Path folder : packages) {
      Path info = folder.resolve("package-info.java");
      if (!files.contains(info) || !Files.readString(root.resolve(info)).contains("@NullMarked")) {
        silent.add(info.toString());
      }
    }
    assertThat(silent).as("missing, or without @NullMarked").isEmpty();
  }

  @Test
  void everyVersionIsPinnedInTheRootPomOnly() throws IOException {
    Pattern version = Pattern.compile("<version>(?!\\$\\{)");
    List<String> pinned = linesWith(version, file -> file.endsWith("pom.xml"));
    // What may remain: the project's own version, once in each pom, and the enforcer's range.
    assertThat(pinned)
        .allMatch(line -> line.contains("-SNAPSHOT</version>") || line.contains("[17,)"));
  }

  @Test
  void everyLinkOfADocumentLeadsToAFile() throws IOException {
    List<String> dead = new ArrayList<>();
    for (Path file : files) {
      if (!file.toString().endsWith(".md")) {
        continue;
      }
      Matcher links = LINK.matcher(Files.readString(root.resolve(file)));
      while (links.find()) {
        String target = links.group(1);
        boolean elsewhere = target.contains("://") || target.startsWith("mailto:");
        if (!elsewhere && !Files.exists(root.resolve(file).resolveSibling(target))) {
          dead.add(file + " links to " + target);
        }
      }
    }
    assertThat(dead).isEmpty();
  }

  private static List<String> linesWith(Pattern pattern, Predicate<Path> where) throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : files) {
      if (where.test(file)) {
        int number = 0;
        for (String line : lines(file)) {
          number++;
          if (pattern.matcher(line).find()) {
            found.add(file + ":" + number + ": " + line.strip());
          }
        }
      }
    }
    return found;
  }

  private static List<String> lines(Path file) throws IOException {
    try (Stream<String> lines = Files.lines(root.resolve(file), StandardCharsets.UTF_8)) {
      return lines.toList();
    }
  }

  private static boolean java(Path file) {
    return file.toString().endsWith(".java");
  }

  private static boolean text(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot < 0 || TEXT.contains(name.substring(dot + 1));
  }
}
