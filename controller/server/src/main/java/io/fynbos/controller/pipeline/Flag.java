package io.fynbos.controller.pipeline;

import io.fynbos.openflow.wire.Action;
import io.fynbos.openflow.wire.Subfield;

/** The bits of {@link Register#FLAGS}. */
public enum Flag {
  /** The packet came in by a guest's port; otherwise by a tunnel. */
  FROM_GUEST(0),
  /** The receiver's port is on this host. */
  RECEIVER_LOCAL(1),
  /** The end that opened the connection is on this host, so its out rules are judged here. */
  CLIENT_LOCAL(2),
  /** The end the connection was opened to is on this host, so its in rules are judged here. */
  SERVER_LOCAL(3),
  /** Passes without being committed to connection tracking. */
  NO_COMMIT(4),
  /** When it is permitted as it is, it must be permitted as a reply as well (TCP without SYN). */
  AND_REVERSED(5),
  /** Its ends are swapped: it is being judged as a reply. */
  REVERSED(6),
  /**
   * It passes when it is permitted as it is, or else as a reply; the same way on both hosts (SCTP).
   */
  EITHER_WAY(7),
  /** Of EITHER_WAY: as it is it has been denied, here or where it came from. */
  DENIED_AS_IT_IS(8),
  /** Of EITHER_WAY: as a reply it has been denied. */
  DENIED_REVERSED(9),
  /** What denied it says that the sender be told. */
  REJECT(10),
  /** The same, of its judgement before it was reversed. */
  REJECTED_AS_IT_IS(11),
  /** Longer than what a tunnel carries. */
  TOO_BIG(12),
  /** A rule that decided is to be logged. */
  LOG(13),
  /** The audit lane has judged out. */
  AUDITED_OUT(14),
  /** The audit lane has judged in. */
  AUDITED_IN(15),
  /** What the audit lane said has not been compared yet; it is one of the next three. */
  AUDIT_PENDING(16),
  WOULD_ALLOW(17),
  WOULD_DENY(18),
  WOULD_REJECT(19),
  /** It goes to a service of the fabric itself, about which only guardrails are asked. */
  TO_SERVICE(20);

  private final int bit;

  Flag(int bit) {
    this.bit = bit;
  }

  /** Its value in the register. */
  public int mask() {
    return 1 << bit;
  }

  /** It alone, for actions. */
  public Subfield subfield() {
    return Subfield.bit(Register.FLAGS.field(), bit);
  }

  /** The two verdicts on an EITHER_WAY packet that one host tells the next, for actions. */
  public static Subfield verdicts() {
    return new Subfield(Register.FLAGS.field(), DENIED_AS_IT_IS.bit, 2);
  }

  /** Copies another into it. */
  public Action copy(Flag from) {
    return new Action.Move(from.subfield(), subfield());
  }

  /** Sets these and leaves the others as they are. */
  public static Action set(Flag... flags) {
    int bits = bits(flags);
    return Action.set(Register.FLAGS.field(), bits, bits);
  }

  /** Clears these and leaves the others as they are. */
  public static Action clear(Flag... flags) {
    return Action.set(Register.FLAGS.field(), 0, bits(flags));
  }

  private static int bits(Flag... flags) {
    int bits = 0;
    for (Flag flag : flags) {
      bits |= flag.mask();
    }
    return bits;
  }
}
