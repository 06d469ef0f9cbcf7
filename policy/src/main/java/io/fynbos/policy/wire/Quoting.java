package io.fynbos.policy.wire;

import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;

/**
 * Which strings YAML needs in quotes: all but plain words and what has a slash inside, so that none
 * reads as a number.
 */
final class Quoting extends StringQuotingChecker.Default {
  private static final long serialVersionUID = 1L;

  @Override
  public boolean needToQuoteValue(String value) {
    return super.needToQuoteValue(value) || !plain(value);
  }

  private static boolean plain(String value) {
    if (value.isEmpty()) {
      return false;
    }
    char first = value.charAt(0);
    boolean word = (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z');
    boolean made =
        value
            .chars()
            .allMatch(
                c ->
                    (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9')
                        || c == '-'
                        || c == '.'
                        || c == '/');
    return made && (word || (value.indexOf('/') > 0 && first != '-' && first != '.'));
  }
}
