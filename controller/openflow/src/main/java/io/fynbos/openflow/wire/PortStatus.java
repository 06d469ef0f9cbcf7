package io.fynbos.openflow.wire;

/** A port of a switch came, went or changed. */
public record PortStatus(Change change, PortDescription port) {
  /** What happened to it. */
  public enum Change {
    ADDED,
    DELETED,
    MODIFIED
  }
}
