package io.fynbos.controller.compile;

import io.fynbos.controller.pipeline.Table;
import io.fynbos.policy.model.Direction;
import io.fynbos.policy.model.Tier;

/** The tables that judge: those whose verdict holds, and those that only try rules out. */
enum Lane {
  /** The enforced rules. */
  ENFORCED,
  /** All rules, as if those of stage audit were enforced too. */
  AUDIT;

  /** The lane's table of a tier and direction. */
  Table table(Direction direction, Tier tier) {
    boolean in = direction == Direction.IN;
    boolean audit = this == AUDIT;
    return switch (tier) {
      case GUARDRAIL ->
          in
              ? (audit ? Table.AUDIT_IN_GUARDRAIL : Table.IN_GUARDRAIL)
              : (audit ? Table.AUDIT_OUT_GUARDRAIL : Table.OUT_GUARDRAIL);
      case UNIVERSE ->
          in
              ? (audit ? Table.AUDIT_IN_UNIVERSE : Table.IN_UNIVERSE)
              : (audit ? Table.AUDIT_OUT_UNIVERSE : Table.OUT_UNIVERSE);
      case DEFAULT ->
          in
              ? (audit ? Table.AUDIT_IN_DEFAULT : Table.IN_DEFAULT)
              : (audit ? Table.AUDIT_OUT_DEFAULT : Table.OUT_DEFAULT);
    };
  }
}
