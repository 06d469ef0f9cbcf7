package io.fynbos.controller.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** The option that says how an answer is printed. */
final class Output {

  /** How an answer is printed. */
  enum Form {
    TABLE,
    YAML,
    JSON
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "table|yaml|json",
      defaultValue = "table",
      description = "How to print.")
  private Form form = Form.TABLE;

  /** Prints the answer as it is, or as the table makes it. */
  void print(PrintWriter out, JsonNode answer, Consumer<PrintWriter> table) {
    switch (form) {
      case TABLE -> table.accept(out);
      case JSON -> out.println(answer.toPrettyString());
      case YAML -> out.print(yaml(List.of(answer)));
    }
    out.flush();
  }

  /** Several documents of YAML. */
  static String yaml(List<JsonNode> items) {
    YAMLMapper mapper =
        new YAMLMapper(
            YAMLFactory.builder()
                .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                .build());
    StringBuilder text = new StringBuilder();
    try {
      for (JsonNode item : items) {
        text.append(text.isEmpty() ? "" : "---\n").append(mapper.writeValueAsString(item));
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain nodes did not become YAML", e);
    }
    return text.toString();
  }

  /** A word as part of a path or a query. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** The words of a list, or another one when it is empty. */
  static String words(JsonNode list, String none) {
    StringBuilder text = new StringBuilder();
    list.forEach(word -> text.append(text.isEmpty() ? "" : ",").append(word.asText()));
    return text.isEmpty() ? none : text.toString();
  }
}
