package io.fynbos.openflow.wire;

import java.util.List;

/**
 * A packet we send through a switch (OpenFlow 1.5 §7.3.6), with the pipeline fields it begins with.
 */
public record PacketOut(Match match, List<Action> actions, Octets frame) {
  public PacketOut {
    actions = List.copyOf(actions);
    if (match.field(OxmField.IN_PORT).isEmpty()) {
      throw new IllegalArgumentException("a packet-out has an in_port");
    }
  }

  /** Through these actions, as if it came from the controller. */
  public static PacketOut of(Octets frame, Action... actions) {
    return new PacketOut(Match.builder().inPort(Ports.CONTROLLER).build(), List.of(actions), frame);
  }
}
