package io.fynbos.policy.wire;

/** How documents are written. */
public enum Format {
  JSON,
  YAML;

  /** JSON when the first character that is not blank opens an object or a list, else YAML. */
  public static Format of(byte[] bytes) {
    for (byte b : bytes) {
      boolean blank = b == ' ' || b == '\n' || b == '\r' || b == '\t';
      if (!blank) {
        return b == '{' || b == '[' ? JSON : YAML;
      }
    }
    return YAML;
  }
}
