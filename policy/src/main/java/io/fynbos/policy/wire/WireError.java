package io.fynbos.policy.wire;

import java.util.Optional;

/**
 * Bytes that are not what they should be: where, what was expected there, and what was found. It is
 * the fault of whoever wrote them.
 */
public final class WireError extends Exception {
  private static final long serialVersionUID = 1L;

  /** What kind of fault it is; the text is the {@code type} of the problem that the API answers. */
  public enum Fault {
    MALFORMED("malformed"),
    NOT_UTF8("not-utf-8"),
    TOO_LARGE("too-large"),
    UNKNOWN_KIND("unknown-kind"),
    UNKNOWN_FIELD("unknown-field"),
    MISSING_FIELD("missing-field"),
    DUPLICATE_FIELD("duplicate-field"),
    DUPLICATE_NAME("duplicate-name"),
    WRONG_TYPE("wrong-type"),
    BAD_VALUE("bad-value");

    private final String text;

    Fault(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  private final Fault fault;
  private final String path;
  private final String expected;
  private final String found;
  private final String detail;
  private final String about;

  WireError(Fault fault, String path, String expected, String found) {
    this(fault, path, expected, found, "", "");
  }

  WireError(Fault fault, String path, String expected, String found, String detail, String about) {
    super(sentence(path, expected, found, detail, about), null, false, false);
    this.fault = fault;
    this.path = path;
    this.expected = expected;
    this.found = found;
    this.detail = detail;
    this.about = about;
  }

  private static String sentence(
      String path, String expected, String found, String detail, String about) {
    String where = path.isEmpty() ? about : about.isEmpty() ? path : path + " of " + about;
    return (where.isEmpty() ? "" : where + ": ")
        + "expected "
        + expected
        + ", found "
        + found
        + (detail.isEmpty() ? "" : ": " + detail);
  }

  /** The same fault, said of a document. */
  WireError about(String document) {
    return about.isEmpty() ? new WireError(fault, path, expected, found, detail, document) : this;
  }

  public Fault fault() {
    return fault;
  }

  /** The path of the field, such as {@code rules[0].services[1].ports[0]}; empty for the whole. */
  public String path() {
    return path;
  }

  public String expected() {
    return expected;
  }

  public String found() {
    return found;
  }

  /** Why what was found is not what was expected, where that says more. */
  public Optional<String> detail() {
    return detail.isEmpty() ? Optional.empty() : Optional.of(detail);
  }

  /**
   * The document that the field is in, such as {@code Policy blue/web-to-db}, as far as it is
   * known.
   */
  public Optional<String> about() {
    return about.isEmpty() ? Optional.empty() : Optional.of(about);
  }
}
