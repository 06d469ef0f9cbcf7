package io.fynbos.controller.rules;

import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.Rule;

/**
 * A rule and where it stands.
 *
 * @param index in its policy, from 0
 */
public record NamedRule(PolicyRef policy, int index, Rule rule) {

  /** What it says, in a few words. */
  public String text() {
    return RuleText.of(rule);
  }
}
