package io.fynbos.openflow.wire;

import java.util.Optional;

/** Why a packet came to the controller (OpenFlow 1.5 §7.4.1, with Open vSwitch's numbers). */
public enum Reason {
  NO_MATCH("no_match"),
  ACTION("action"),
  INVALID_TTL("invalid_ttl"),
  ACTION_SET("action_set"),
  GROUP("group"),
  PACKET_OUT("packet_out");

  private static final Reason[] VALUES = values();

  private final String text;

  Reason(String text) {
    this.text = text;
  }

  static Optional<Reason> of(int code) {
    return code < VALUES.length ? Optional.of(VALUES[code]) : Optional.empty();
  }

  @SuppressWarnings("EnumOrdinal") // declared in the order of the numbers on the wire
  int code() {
    return ordinal();
  }

  /** As ovs-ofctl writes it. */
  public String text() {
    return text;
  }
}
