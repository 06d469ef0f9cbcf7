package io.fynbos.controller.api;

/** Words out of a request, made fit to be repeated in an answer or a log. */
final class Text {

  private static final int CHARACTERS_MAX = 80;

  private Text() {}

  /** The text in double quotes, without control characters, cut when it is long. */
  static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < Math.min(text.length(), CHARACTERS_MAX); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (Character.isISOControl(c) || Character.isSurrogate(c)) {
        out.append('?');
      } else {
        out.append(c);
      }
    }
    return out.append(text.length() > CHARACTERS_MAX ? "…\"" : "\"").toString();
  }
}
