package io.fynbos.openflow.wire;

/**
 * A packet a switch sent us (NXT_PACKET_IN2, or OFPT_PACKET_IN). Its match holds the pipeline
 * fields as they were: in_port, registers, tunnel. The frame may be cut; totalBytes is its whole
 * length.
 */
public record PacketIn(
    Reason reason,
    int table,
    long cookie,
    Match match,
    Octets userdata,
    int totalBytes,
    Octets frame) {
  /** The port it came in by, or {@link Ports#ANY} when the switch did not say. */
  public int inPort() {
    return match.field(OxmField.IN_PORT).orElse(null) instanceof Oxm.Narrow port
        ? (int) port.value()
        : Ports.ANY;
  }

  /** A field of up to 64 bits, or 0 when the switch did not send it. */
  public long value(OxmField field) {
    return match.field(field).orElse(null) instanceof Oxm.Narrow oxm ? oxm.value() : 0;
  }
}
