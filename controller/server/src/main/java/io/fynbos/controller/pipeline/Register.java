package io.fynbos.controller.pipeline;

import io.fynbos.openflow.wire.Action;
import io.fynbos.openflow.wire.OxmField;
import io.fynbos.openflow.wire.Subfield;

/** What each register holds. Registers begin as nought; those not named here are not used. */
public enum Register {
  /** The sender's identity. */
  SENDER(0),
  /** The receiver's identity. */
  RECEIVER(1),
  /** The universe's number, which is its conntrack zone. */
  UNIVERSE(2),
  /** The receiver's OpenFlow port, when it is here. */
  PORT(3),
  /** The bits of {@link Flag}. */
  FLAGS(4),
  /** The IPv4 tunnel address of the receiver's host, when it is elsewhere. */
  TUNNEL(5),
  /** Always nought. Clause flows match a bit of it, so that they never equal a plain flow. */
  LANE(6),
  /** The identity of the end that opened the connection, whichever way this packet goes. */
  CLIENT(8),
  /** The identity of the end that the connection was opened to. */
  SERVER(9),
  /**
   * The rule that decided about out, if it is to be logged or denies: its number as in its cookie.
   */
  RULE_OUT(10),
  /** The same about in. */
  RULE_IN(11),
  /** The audit rule that decided, or passed on, in the audit lane. */
  RULE_AUDIT(12),
  /** For the log: what became of the packet, by the code of a {@link LogVerdict}. */
  VERDICT(13);

  private final OxmField field;

  Register(int number) {
    this.field = OxmField.reg(number);
  }

  /** The register in a match. */
  public OxmField field() {
    return field;
  }

  /** Its low bits, for actions. */
  public Subfield low(int bits) {
    return new Subfield(field, 0, bits);
  }

  /** Sets all of it. */
  public Action set(int value) {
    return Action.set(field, Integer.toUnsignedLong(value));
  }

  /** Copies all of another into it. */
  public Action copy(Register from) {
    return Action.move(from.field, field);
  }
}
