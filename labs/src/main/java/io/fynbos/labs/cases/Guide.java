package io.fynbos.labs.cases;

import io.fynbos.policy.model.Edit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The worked examples of a document in Markdown. The first block of YAML in it holds in every
 * example; under each heading that begins with {@code Example}, blocks of YAML are the example's
 * documents, and blocks called {@code packets} its table.
 */
final class Guide {
  private static final Pattern HEADING = Pattern.compile("#+\\s+(.*)");
  private static final Pattern FENCE = Pattern.compile("```(\\w*)\\s*");
  private static final String EXAMPLE = "Example";

  private final String place;
  private final List<Section> sections = new ArrayList<>();
  private Optional<String> base = Optional.empty();

  private Guide(String place) {
    this.place = place;
  }

  /** What one heading has under it. */
  private record Section(String heading, List<String> documents, StringBuilder packets) {}

  static CaseTable parse(String place, String text) {
    Guide guide = new Guide(place);
    guide.read(text);
    return guide.table();
  }

  private void read(String text) {
    Optional<String> language = Optional.empty();
    StringBuilder block = new StringBuilder();
    for (String line : text.lines().toList()) {
      Matcher fence = FENCE.matcher(line);
      Matcher heading = HEADING.matcher(line);
      if (fence.matches() && language.isPresent()) {
        end(language.get(), block.toString());
        language = Optional.empty();
      } else if (fence.matches()) {
        language = Optional.of(fence.group(1));
        block.setLength(0);
      } else if (language.isPresent()) {
        block.append(line).append('\n');
      } else if (heading.matches()) {
        sections.add(new Section(heading.group(1), new ArrayList<>(), new StringBuilder()));
      }
    }
  }

  private void end(String language, String block) {
    if (language.equals("yaml") && base.isEmpty()) {
      base = Optional.of(block);
      return;
    }
    Section section = sections.get(sections.size() - 1);
    if (language.equals("yaml")) {
      section.documents().add(block);
    } else if (language.equals("packets")) {
      section.packets().append(block);
    }
  }

  private CaseTable table() {
    List<Edit> edits =
        CaseTable.edits(
            place, base.orElseThrow(() -> new CaseException(place, "expected a block of YAML")));
    World world = World.EMPTY.with(edits);
    List<Case> cases = new ArrayList<>();
    for (Section section : sections) {
      if (section.heading().startsWith(EXAMPLE)) {
        String at = place + " '" + section.heading() + "'";
        List<Edit> changes = new ArrayList<>();
        for (String documents : section.documents()) {
          changes.addAll(CaseTable.edits(at, documents));
        }
        cases.add(
            new Case(
                section.heading(),
                section.heading(),
                CaseTable.firstUniverse(place, edits),
                world,
                changes,
                CaseTable.rows(at, section.packets().toString())));
      }
    }
    return new CaseTable(place, world, cases);
  }
}
