package io.fynbos.policy.wire;

/** How documents are written. */
public enum Format {
  JSON,
  YAML;

  /**
   * What the bytes look like: JSON when a quotation mark, a number or an end follows the first
   * braces and brackets, since YAML's own lists and objects go on with a bare word; YAML in all
   * other cases.
   */
  public static Format of(byte[] bytes) {
    boolean opened = false;
    for (byte b : bytes) {
      boolean blank = b == ' ' || b == '\n' || b == '\r' || b == '\t';
      boolean opens = b == '{' || b == '[';
      if (!blank && !opens) {
        return opened && "\"]}-0123456789".indexOf(b) >= 0 ? JSON : YAML;
      }
      opened |= opens;
    }
    return opened ? JSON : YAML;
  }
}
