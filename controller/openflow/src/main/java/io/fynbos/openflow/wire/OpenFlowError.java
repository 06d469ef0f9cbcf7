package io.fynbos.openflow.wire;

/**
 * An error message of a switch (OpenFlow 1.5 §7.5.4): its type and code, and the first bytes of
 * what it answers.
 */
public record OpenFlowError(int type, int code, Octets data) {
  @Override
  public String toString() {
    return "error type=" + type + " code=" + code;
  }
}
