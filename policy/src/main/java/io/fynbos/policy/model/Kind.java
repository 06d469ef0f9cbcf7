package io.fynbos.policy.model;

import java.util.Optional;

/** The kinds of objects that documents describe; {@link #text()} is the word in the document. */
public enum Kind {
  UNIVERSE("Universe", "universe"),
  GROUP("SecurityGroup", "group"),
  ENDPOINT("Endpoint", "endpoint"),
  POLICY("Policy", "policy"),
  POOL("Pool", "pool"),
  HOST("Host", "host");

  private final String text;
  private final String noun;

  Kind(String text, String noun) {
    this.text = text;
    this.noun = noun;
  }

  /** The value of a document's {@code kind} field. */
  public String text() {
    return text;
  }

  /** The word for it inside a sentence. */
  public String noun() {
    return noun;
  }

  /** The kind that a document's {@code kind} field names, if there is one. */
  public static Optional<Kind> of(String text) {
    for (Kind kind : values()) {
      if (kind.text.equals(text)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return text;
  }
}
