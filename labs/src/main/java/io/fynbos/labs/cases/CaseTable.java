package io.fynbos.labs.cases;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fynbos.policy.model.Document;
import io.fynbos.policy.model.Edit;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.wire.Documents;
import io.fynbos.policy.wire.WireError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Cases that share their endpoints, as a YAML file has them: {@code documents} that hold in every
 * case, then {@code cases}, each with a {@code name}, what it {@code says}, {@code documents} of
 * its own and {@code packets}, one {@link Row} in a line.
 *
 * @param title what the cases are about
 * @param base what holds in every case
 */
public record CaseTable(String title, World base, List<Case> cases) {
  private static final ObjectMapper YAML =
      new YAMLMapper(new YAMLFactory())
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  public CaseTable {
    cases = List.copyOf(cases);
  }

  /** The table in this file; {@code .md} is a guide with examples, anything else YAML. */
  public static CaseTable read(Path file) {
    String name = file.getFileName().toString();
    try {
      String text = Files.readString(file);
      return name.endsWith(".md") ? Guide.parse(name, text) : parse(name, text);
    } catch (IOException e) {
      throw new CaseException(file.toString(), "cannot be read: " + e.getMessage());
    }
  }

  /** The table in this YAML text. */
  static CaseTable parse(String place, String text) {
    JsonNode root = tree(place, text);
    only(place, root, Set.of("title", "documents", "cases"));
    List<Edit> edits = edits(place + " documents", root.path("documents"));
    World base = World.EMPTY.with(edits);
    UniverseName universe = firstUniverse(place, edits);
    List<Case> cases = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonNode each : root.path("cases")) {
      String name = text(place + " cases[" + cases.size() + "]", each, "name");
      String at = place + " '" + name + "'";
      only(at, each, Set.of("name", "says", "documents", "packets"));
      if (!names.add(name)) {
        throw new CaseException(at, "there is another case of this name");
      }
      cases.add(
          new Case(
              name,
              text(at, each, "says"),
              universe,
              base,
              edits(at, each.path("documents")),
              rows(at, text(at, each, "packets"))));
    }
    return new CaseTable(text(place, root, "title"), base, cases);
  }

  /** The universe that names without one are of: the first document's. */
  static UniverseName firstUniverse(String place, List<Edit> edits) {
    if (!edits.isEmpty()
        && edits.get(0) instanceof Edit.Put put
        && put.document() instanceof Document.UniverseDocument first) {
      return first.key();
    }
    throw new CaseException(place, "expected a Universe as the first of the documents");
  }

  /** The rows of a table, without empty lines and comments. */
  static List<Row> rows(String place, String table) {
    List<Row> rows =
        table
            .lines()
            .map(line -> line.replaceFirst("(^|\\s)#.*", "").strip())
            .filter(line -> !line.isEmpty())
            .map(line -> Row.parse(place, line))
            .toList();
    if (rows.isEmpty()) {
      throw new CaseException(place, "expected packets");
    }
    return rows;
  }

  /** Documents in YAML or JSON. */
  static List<Edit> edits(String place, String documents) {
    try {
      return Documents.parse(documents.getBytes(StandardCharsets.UTF_8));
    } catch (WireError e) {
      throw new CaseException(place, String.valueOf(e.getMessage()));
    }
  }

  private static List<Edit> edits(String place, JsonNode documents) {
    return documents.isEmpty() ? List.of() : edits(place, documents.toString());
  }

  private static JsonNode tree(String place, String text) {
    try {
      return YAML.readTree(text);
    } catch (JacksonException e) {
      throw new CaseException(place, "is not YAML: " + e.getOriginalMessage());
    }
  }

  private static void only(String place, JsonNode node, Set<String> keys) {
    node.fieldNames()
        .forEachRemaining(
            key -> {
              if (!keys.contains(key)) {
                throw new CaseException(place, "unknown key '" + key + "'");
              }
            });
  }

  private static String text(String place, JsonNode node, String key) {
    String text = node.path(key).asText();
    if (text.isBlank()) {
      throw new CaseException(place, "expected '" + key + "'");
    }
    return text.strip();
  }
}
