package io.fynbos.controller.pipeline;

import io.fynbos.openflow.wire.Action;

/** What a packet in the log says became of it, as a code in {@link Register#VERDICT}. */
public enum LogVerdict {
  ALLOW(1),
  DENY(2),
  REJECT(3),
  /** It was denied or rejected, and an audit rule would have allowed it. */
  WOULD_ALLOW(4),
  /** It was allowed, and an audit rule would have denied or rejected it. */
  WOULD_DENY(5);

  private final int code;

  LogVerdict(int code) {
    this.code = code;
  }

  /** Its value in the register. */
  public int code() {
    return code;
  }

  /** Says so of the packet. */
  public Action set() {
    return Register.VERDICT.set(code);
  }
}
