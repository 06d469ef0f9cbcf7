package io.fynbos.controller.pipeline;

import java.util.Arrays;
import java.util.Optional;

/**
 * The 64 bits of a flow's cookie: 8 bits owner, 8 bits kind, 48 bits number. It names the object
 * the flow comes from, so that a flow read back from a switch can be explained without the image.
 */
public record Cookie(Kind kind, long number) {
  /** The top byte of every flow of the controller. */
  public static final int CONTROLLER = 0x01;

  private static final int OWNER_SHIFT = 56;
  private static final int KIND_SHIFT = 48;
  private static final long NUMBER_MASK = (1L << KIND_SHIFT) - 1;

  /** What the number means. */
  public enum Kind {
    /** The pipeline itself; nought. */
    PIPELINE(0),
    /** The host with this IPv4 tunnel address. */
    HOST(1),
    /** The universe with this number. */
    UNIVERSE(2),
    /** The identity with this number. */
    IDENTITY(3),
    /** The endpoint with this MAC address. */
    ENDPOINT(4),
    /** A rule: the policy's number in the upper 38 bits, the rule's index in the lower ten. */
    RULE(5),
    /** A clause that several rules may share: the identity in it, or the universe, or nought. */
    CLAUSE(6),
    /** The audit lane's flow of a rule, numbered as for RULE; of no rule: nought. */
    AUDIT(7),
    /** Of an audit rule, as for RULE: packets that it would have had judged otherwise. */
    AUDIT_DIFFERS(8);

    private final int code;

    Kind(int code) {
      this.code = code;
    }
  }

  /** The pipeline itself. */
  public static final Cookie PIPELINE = new Cookie(Kind.PIPELINE, 0);

  public Cookie {
    if ((number & ~NUMBER_MASK) != 0) {
      throw new IllegalArgumentException("a cookie's number has 48 bits, not " + number);
    }
  }

  /** The 64 bits. */
  public long value() {
    return (long) CONTROLLER << OWNER_SHIFT | (long) kind.code << KIND_SHIFT | number;
  }

  /** Whether the cookie is of the controller's making. */
  public static boolean ofController(long value) {
    return value >>> OWNER_SHIFT == CONTROLLER;
  }

  /** What a cookie names; empty when it is not the controller's. */
  public static Optional<Cookie> of(long value) {
    int code = (int) (value >>> KIND_SHIFT) & 0xff;
    return Arrays.stream(Kind.values())
        .filter(kind -> ofController(value) && kind.code == code)
        .findFirst()
        .map(kind -> new Cookie(kind, value & NUMBER_MASK));
  }
}
