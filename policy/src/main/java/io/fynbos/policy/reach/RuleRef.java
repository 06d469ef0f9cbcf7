package io.fynbos.policy.reach;

import io.fynbos.policy.model.PolicyRef;

/**
 * One rule.
 *
 * @param rule its index in the policy, from 0
 */
public record RuleRef(PolicyRef policy, int rule) implements Comparable<RuleRef> {
  @Override
  public int compareTo(RuleRef other) {
    int byPolicy = policy.compareTo(other.policy);
    return byPolicy != 0 ? byPolicy : Integer.compare(rule, other.rule);
  }

  @Override
  public String toString() {
    return "rule %d of policy %s".formatted(rule, policy);
  }
}
