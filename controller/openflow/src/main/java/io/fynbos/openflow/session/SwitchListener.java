package io.fynbos.openflow.session;

import io.fynbos.openflow.wire.PacketIn;
import io.fynbos.openflow.wire.PortStatus;

/**
 * Hears of switches. Calls for one session come in order on its event loop thread; they must not
 * block. An exception thrown here ends the session.
 */
public interface SwitchListener {
  /** The handshake is done. */
  default void connected(SwitchSession session) {}

  /**
   * The session is over; the cause says why in a sentence. Called once after {@link #connected}.
   */
  default void disconnected(SwitchSession session, Throwable cause) {}

  /**
   * A port came, went or changed. Under a flood only the last of each port is told, and past a
   * bound {@link #portsChanged}.
   */
  default void portStatus(SwitchSession session, PortStatus status) {}

  /** More ports changed than were told one by one: read them anew. */
  default void portsChanged(SwitchSession session) {}

  /** A packet for the controller. */
  default void packetIn(SwitchSession session, PacketIn packet) {}

  /** The switch refused something that was sent without waiting. */
  default void refused(SwitchSession session, OpenFlowRefused refused) {}
}
