package io.fynbos.policy.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.fynbos.policy.wire.WireError.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;

/**
 * Bytes to trees, within bounds: size, depth, number of values, length of strings. Repeated fields
 * are refused, and so are YAML's anchors and aliases, which could make a small text large.
 */
final class Trees {
  static final int BYTES_MAX = 16 << 20;
  static final int DEPTH_MAX = 32;
  static final int VALUES_MAX = 2_000_000;
  static final int STRING_CHARS_MAX = 1 << 16;
  static final int NAME_CHARS_MAX = 1024;
  static final int NUMBER_CHARS_MAX = 40;

  private static final StreamReadConstraints CONSTRAINTS =
      StreamReadConstraints.builder()
          .maxNestingDepth(DEPTH_MAX)
          .maxStringLength(STRING_CHARS_MAX)
          .maxNameLength(NAME_CHARS_MAX)
          .maxNumberLength(NUMBER_CHARS_MAX)
          .build();
  private static final JsonFactory JSON =
      new JsonFactoryBuilder().streamReadConstraints(CONSTRAINTS).build();
  private static final YAMLFactory YAML =
      YAMLFactory.builder()
          .streamReadConstraints(CONSTRAINTS)
          .loaderOptions(yamlLimits())
          .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
          .build();

  /** A line that ends a document of YAML and begins another. */
  private static final Pattern SEPARATOR = Pattern.compile("\\n---");

  private final JsonParser parser;
  private final int valuesMax;
  private int values;

  private Trees(JsonParser parser, int valuesMax) {
    this.parser = parser;
    this.valuesMax = valuesMax;
  }

  private static LoaderOptions yamlLimits() {
    LoaderOptions limits = new LoaderOptions();
    limits.setCodePointLimit(BYTES_MAX);
    limits.setNestingDepthLimit(DEPTH_MAX);
    limits.setMaxAliasesForCollections(0);
    return limits;
  }

  /**
   * Every tree of the text: exactly one of JSON, any number of YAML, where empty documents are left
   * out.
   */
  static List<JsonNode> read(byte[] bytes, Format format) throws WireError {
    String text = decode(bytes);
    try (JsonParser parser =
        format == Format.JSON ? JSON.createParser(text) : YAML.createParser(text)) {
      boolean several = format == Format.YAML && SEPARATOR.matcher(text).find();
      return new Trees(parser, VALUES_MAX).all(format, several);
    } catch (StreamConstraintsException e) {
      throw new WireError(
          Fault.TOO_LARGE, "", "text within bounds", "more: " + firstLine(e.getOriginalMessage()));
    } catch (JsonProcessingException e) {
      throw malformed(format, e);
    } catch (IOException e) {
      throw new WireError(Fault.MALFORMED, "", format + " text", firstLine(e.getMessage()));
    }
  }

  /** The one tree of a JSON text that this program has written: only its depth is bounded. */
  static JsonNode readStored(byte[] bytes) throws WireError {
    try (JsonParser parser = JSON.createParser(bytes)) {
      return new Trees(parser, Integer.MAX_VALUE).all(Format.JSON, false).get(0);
    } catch (JsonProcessingException e) {
      throw malformed(Format.JSON, e);
    } catch (IOException e) {
      throw new WireError(Fault.MALFORMED, "", "JSON text", firstLine(e.getMessage()));
    }
  }

  /** The one tree of a JSON text. */
  static JsonNode readJson(byte[] bytes) throws WireError {
    return read(bytes, Format.JSON).get(0);
  }

  private static String decode(byte[] bytes) throws WireError {
    if (bytes.length > BYTES_MAX) {
      throw new WireError(
          Fault.TOO_LARGE, "", "at most " + BYTES_MAX + " bytes", bytes.length + " bytes");
    }
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString();
      return text.startsWith("\ufeff") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new WireError(Fault.NOT_UTF8, "", "UTF-8 text", "bytes that are not UTF-8");
    }
  }

  private static WireError malformed(Format format, JsonProcessingException e) {
    JsonLocation location = e.getLocation();
    String where =
        location == null
            ? ""
            : " at line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
    return new WireError(
        Fault.MALFORMED,
        "",
        format + " text",
        "a fault in it" + where,
        firstLine(e.getOriginalMessage()),
        "");
  }

  private static String firstLine(@Nullable String message) {
    String text = message == null ? "no more is known" : message;
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }

  /** Paths begin with the place of the document when the text looks as if there were several. */
  private List<JsonNode> all(Format format, boolean several) throws IOException, WireError {
    List<JsonNode> trees = new ArrayList<>();
    JsonToken token = parser.nextToken();
    while (token != null) {
      String path = several ? "documents[" + trees.size() + "]" : "";
      JsonNode tree = value(token, path, 0);
      boolean empty = tree.isNull() || (tree.isTextual() && tree.textValue().isEmpty());
      if (!(format == Format.YAML && empty)) {
        trees.add(tree);
      }
      token = parser.nextToken();
      if (format == Format.JSON && token != null) {
        throw new WireError(Fault.MALFORMED, "", "one JSON value", "more after its end");
      }
    }
    if (format == Format.JSON && trees.isEmpty()) {
      throw new WireError(Fault.MALFORMED, "", "one JSON value", "nothing");
    }
    return trees;
  }

  private JsonNode value(JsonToken token, String path, int depth) throws IOException, WireError {
    if (++values > valuesMax) {
      throw new WireError(Fault.TOO_LARGE, path, "at most " + VALUES_MAX + " values", "more");
    }
    if (depth > DEPTH_MAX) {
      throw new WireError(
          Fault.TOO_LARGE, path, "at most " + DEPTH_MAX + " levels of nesting", "more");
    }
    refuseAlias(path);
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (token) {
      case START_OBJECT -> object(path, depth);
      case START_ARRAY -> array(path, depth);
      case VALUE_STRING -> nodes.textNode(parser.getText());
      case VALUE_TRUE -> nodes.booleanNode(true);
      case VALUE_FALSE -> nodes.booleanNode(false);
      case VALUE_NULL -> nodes.nullNode();
      case VALUE_NUMBER_INT -> nodes.numberNode(parser.getBigIntegerValue());
      case VALUE_NUMBER_FLOAT -> nodes.numberNode(parser.getDecimalValue());
      case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new WireError(Fault.MALFORMED, path, "a value", token.name());
    };
  }

  private void refuseAlias(String path) throws IOException, WireError {
    boolean marked =
        parser instanceof YAMLParser yaml && (yaml.isCurrentAlias() || yaml.getObjectId() != null);
    if (marked) {
      throw new WireError(
          Fault.MALFORMED, path, "YAML without anchors and aliases", "one; write it out");
    }
  }

  private ObjectNode object(String path, int depth) throws IOException, WireError {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      if (parser.currentToken() != JsonToken.FIELD_NAME) {
        throw new WireError(Fault.MALFORMED, path, "a field", "the end of the text");
      }
      refuseAlias(path);
      String name = parser.currentName();
      String inner = path.isEmpty() ? name : path + "." + name;
      if (object.has(name)) {
        throw new WireError(Fault.DUPLICATE_FIELD, inner, "each field once", "it a second time");
      }
      object.set(name, value(next(inner), inner, depth + 1));
    }
    return object;
  }

  private ArrayNode array(String path, int depth) throws IOException, WireError {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    JsonToken token = next(path);
    while (token != JsonToken.END_ARRAY) {
      String inner = path + "[" + array.size() + "]";
      array.add(value(token, inner, depth + 1));
      token = next(inner);
    }
    return array;
  }

  private JsonToken next(String path) throws IOException, WireError {
    JsonToken token = parser.nextToken();
    if (token == null) {
      throw new WireError(Fault.MALFORMED, path, "a value", "the end of the text");
    }
    return token;
  }
}
