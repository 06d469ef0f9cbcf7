package io.fynbos.policy.model;

/** The one pattern of all names: {@code [a-z0-9-]}, 1 to 63 characters. */
final class Names {
  static final int LENGTH_MAX = 63;

  private Names() {}

  static String check(String value, String what) {
    if (value.isEmpty() || value.length() > LENGTH_MAX) {
      throw new IllegalArgumentException(
          "a %s has 1 to %d characters, not %d".formatted(what, LENGTH_MAX, value.length()));
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
      if (!fits) {
        throw new IllegalArgumentException(
            "a %s is made of a-z, 0-9 and -, which \"%s\" is not".formatted(what, value));
      }
    }
    return value;
  }

  /** Splits {@code universe/name} at its one slash; throws when there is no or another slash. */
  static String[] split(String text, String what) {
    int slash = text.indexOf('/');
    if (slash < 0 || text.indexOf('/', slash + 1) >= 0) {
      throw new IllegalArgumentException(
          "%s is written universe/name, which \"%s\" is not".formatted(what, text));
    }
    return new String[] {text.substring(0, slash), text.substring(slash + 1)};
  }
}
