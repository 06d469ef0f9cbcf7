package io.fynbos.policy.reach;

import io.fynbos.policy.model.ObjectKey;
import java.util.List;
import java.util.Optional;

/**
 * Something in the policies that does nothing, or not what it seems to do.
 *
 * @param about the group or policy that it is about
 * @param rule the rule of that policy, where it is about one
 * @param others other rules that have to do with it
 * @param sentence what is the case, and what to do
 */
public record Finding(
    Kind kind, ObjectKey about, Optional<RuleRef> rule, List<RuleRef> others, String sentence) {
  public Finding {
    others = List.copyOf(others);
  }

  /** What kind of finding it is. */
  public enum Kind {
    /** A rule that never decides: others come first wherever it matches. */
    SHADOWED("shadowed-rule"),
    /** Two rules at the same place of which one allows what the other denies. */
    CONTRADICTION("contradicting-rules"),
    /** A rule that matches nothing between the endpoints that there are. */
    MATCHES_NOTHING("rule-matches-nothing"),
    /** A policy that applies to no endpoint. */
    APPLIES_TO_NOBODY("policy-applies-to-nobody"),
    /** A rule that has matched no packet so far. */
    NEVER_HIT("rule-never-hit"),
    /** A group without members that policies name. */
    EMPTY_GROUP("empty-group"),
    /** A group that no policy names. */
    UNUSED_GROUP("unused-group");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** The word in the API. */
    public String text() {
      return text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  @Override
  public String toString() {
    return sentence;
  }
}
