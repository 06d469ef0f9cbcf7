package io.fynbos.policy.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fynbos.policy.wire.WireError.Fault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A value of a tree and its path; it reads the value as what it should be, or says what it found
 * instead.
 */
record At(JsonNode node, String path) {
  private static final int SHOWN_CHARS_MAX = 80;

  WireError wrongType(String expected) {
    return new WireError(Fault.WRONG_TYPE, path, expected, show());
  }

  WireError badValue(String expected, String detail) {
    return new WireError(Fault.BAD_VALUE, path, expected, show(), detail, "");
  }

  WireError badValue(String expected) {
    return badValue(expected, "");
  }

  /** The value as a reader of the message would recognise it, shortened. */
  String show() {
    if (node.isObject()) {
      return "an object";
    }
    if (node.isArray()) {
      return node.isEmpty() ? "an empty list" : "a list";
    }
    if (node.isNumber()) {
      return "the number " + shorten(node.asText());
    }
    if (node.isTextual()) {
      return '"' + shorten(node.textValue()) + '"';
    }
    return node.asText();
  }

  private static String shorten(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(SHOWN_CHARS_MAX)
        .forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '?' : c));
    boolean cut = text.codePointCount(0, text.length()) > SHOWN_CHARS_MAX;
    return cut ? shown.append('…').toString() : shown.toString();
  }

  Fields object() throws WireError {
    if (node instanceof ObjectNode object) {
      return new Fields(object, path);
    }
    throw wrongType("an object");
  }

  /** The elements of a list of at most {@code max}. */
  List<At> list(int max) throws WireError {
    if (!node.isArray()) {
      throw wrongType("a list");
    }
    if (node.size() > max) {
      throw new WireError(
          Fault.TOO_LARGE, path, "at most " + max + " elements", node.size() + " elements");
    }
    List<At> elements = new ArrayList<>(node.size());
    for (int i = 0; i < node.size(); i++) {
      elements.add(new At(node.get(i), path + "[" + i + "]"));
    }
    return elements;
  }

  /** The elements of a list of at least one and at most {@code max}. */
  List<At> listNotEmpty(int max, String ifAbsent) throws WireError {
    List<At> elements = list(max);
    if (elements.isEmpty()) {
      throw badValue("at least one element", ifAbsent);
    }
    return elements;
  }

  String text() throws WireError {
    if (node.isTextual()) {
      return node.textValue();
    }
    String quote = node.isNumber() || node.isBoolean() ? "a string, in quotes" : "a string";
    throw wrongType(quote);
  }

  boolean bool() throws WireError {
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    throw wrongType("true or false");
  }

  long integer(long min, long max) throws WireError {
    String expected = "an integer from %d to %d".formatted(min, max);
    if (!node.isIntegralNumber()) {
      throw wrongType(expected);
    }
    if (!node.canConvertToLong() || node.longValue() < min || node.longValue() > max) {
      throw badValue(expected);
    }
    return node.longValue();
  }

  int integer(int min, int max) throws WireError {
    return (int) integer((long) min, (long) max);
  }

  /** A string that {@code parse} understands; what it throws instead says why not. */
  <T> T parsed(String expected, Function<String, T> parse) throws WireError {
    String text = text();
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      throw badValue(expected, String.valueOf(e.getMessage()));
    }
  }

  /** One of the constants, by its text. */
  <E extends Enum<E>> E word(E[] constants, Function<E, String> textOf) throws WireError {
    String expected = Arrays.stream(constants).map(textOf).collect(Collectors.joining(", "));
    String text = text();
    for (E constant : constants) {
      if (textOf.apply(constant).equals(text)) {
        return constant;
      }
    }
    throw badValue(constants.length == 1 ? expected : "one of " + expected);
  }

  /** Something made of parts that were read; a check that fails is a fault of the whole. */
  interface Making<T> {
    T make() throws WireError;
  }

  <T> T made(String expected, Making<T> making) throws WireError {
    try {
      return making.make();
    } catch (IllegalArgumentException e) {
      throw new WireError(
          Fault.BAD_VALUE,
          path,
          expected,
          "one that cannot be",
          String.valueOf(e.getMessage()),
          "");
    }
  }
}
