package io.fynbos.controller.walk;

import io.fynbos.openflow.wire.CtState;
import io.fynbos.openflow.wire.OxmField;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Connection tracking as the userspace datapath does it, as far as the pipeline looks at it. */
final class Tracker {
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int ICMP = 1;
  private static final int ICMPV6 = 58;
  private static final int SYN = 0x002;
  private static final int ACK = 0x010;
  private static final Map<Integer, Integer> REQUESTS_V4 = Map.of(8, 0, 13, 14, 15, 16);
  private static final Map<Integer, Integer> REQUESTS_V6 = Map.of(128, 129);

  private final Map<Tuple, Connection> connections = new HashMap<>();

  /** One direction of a connection; for ICMP the ports are type and code, and there is an id. */
  record Tuple(
      int zone,
      boolean v6,
      int protocol,
      BigInteger source,
      BigInteger destination,
      int sourcePort,
      int destinationPort) {
    Tuple reversed() {
      int back = destinationPort;
      int out = sourcePort;
      if (protocol == ICMP || protocol == ICMPV6) {
        back = (protocol == ICMP ? REQUESTS_V4 : REQUESTS_V6).getOrDefault(sourcePort, -1);
        out = destinationPort;
      }
      return new Tuple(zone, v6, protocol, destination, source, back, out);
    }
  }

  private static final class Connection {
    private final Tuple original;
    private boolean answered;
    private int mark;

    Connection(Tuple original) {
      this.original = original;
    }
  }

  /** Looks a packet up and writes what was found into its fields. */
  void track(Fields packet, int zone) {
    clear(packet);
    packet.put(OxmField.CT_ZONE, zone);
    Tuple tuple = tuple(packet, zone);
    Connection forward = connections.get(tuple);
    if (forward != null) {
      found(packet, forward, forward.answered ? CtState.EST : state(forward));
      return;
    }
    for (Connection connection : connections.values()) {
      if (connection.original.reversed().equals(tuple)) {
        connection.answered = true;
        found(packet, connection, CtState.EST | CtState.RPL);
        return;
      }
    }
    if (!opens(packet, tuple)) {
      packet.put(OxmField.CT_STATE, CtState.TRK | CtState.INV);
      return;
    }
    packet.put(OxmField.CT_STATE, CtState.TRK | CtState.NEW);
    original(packet, tuple);
  }

  /** Commits a packet's connection, unless it is known; the mark is the packet's own. */
  void commit(Fields packet, int zone, int mark) {
    Tuple tuple = tuple(packet, zone);
    Connection connection = connections.computeIfAbsent(tuple, Connection::new);
    connection.mark = mark;
    packet.put(OxmField.CT_MARK, mark);
  }

  int connections() {
    return connections.size();
  }

  void flush() {
    connections.clear();
  }

  /** TCP is established from the second packet on; what has no handshake when it was answered. */
  private static int state(Connection connection) {
    return connection.original.protocol() == TCP ? CtState.EST : CtState.NEW;
  }

  private static void found(Fields packet, Connection connection, int state) {
    packet.put(OxmField.CT_STATE, CtState.TRK | state);
    packet.put(OxmField.CT_MARK, connection.mark);
    original(packet, connection.original);
  }

  private static void original(Fields packet, Tuple tuple) {
    packet.put(OxmField.CT_NW_PROTO, tuple.protocol());
    packet.put(tuple.v6() ? OxmField.CT_IPV6_SRC : OxmField.CT_NW_SRC, tuple.source());
    packet.put(tuple.v6() ? OxmField.CT_IPV6_DST : OxmField.CT_NW_DST, tuple.destination());
    // The datapath shows the original ports only where it shows the packet's own.
    if ((packet.number(OxmField.IP_FRAG) & 2) == 0) {
      packet.put(OxmField.CT_TP_SRC, tuple.sourcePort());
      packet.put(OxmField.CT_TP_DST, tuple.destinationPort());
    }
  }

  private static void clear(Fields packet) {
    for (OxmField field :
        Set.of(
            OxmField.CT_STATE,
            OxmField.CT_ZONE,
            OxmField.CT_MARK,
            OxmField.CT_NW_PROTO,
            OxmField.CT_NW_SRC,
            OxmField.CT_NW_DST,
            OxmField.CT_IPV6_SRC,
            OxmField.CT_IPV6_DST,
            OxmField.CT_TP_SRC,
            OxmField.CT_TP_DST)) {
      packet.put(field, 0);
    }
  }

  private static boolean opens(Fields packet, Tuple tuple) {
    return switch (tuple.protocol()) {
      // Requests with a code are invalid for it.
      case ICMP ->
          !tuple.v6()
              && REQUESTS_V4.containsKey(tuple.sourcePort())
              && tuple.destinationPort() == 0;
      case ICMPV6 ->
          tuple.v6() && REQUESTS_V6.containsKey(tuple.sourcePort()) && tuple.destinationPort() == 0;
      case TCP -> (packet.number(OxmField.TCP_FLAGS) & (SYN | ACK)) != (SYN | ACK);
      default -> true;
    };
  }

  private static Tuple tuple(Fields packet, int zone) {
    boolean v6 = packet.number(OxmField.ETH_TYPE) == 0x86dd;
    int protocol = packet.number(OxmField.IP_PROTO);
    OxmField[] ports =
        switch (protocol) {
          case TCP -> new OxmField[] {OxmField.TCP_SRC, OxmField.TCP_DST};
          case UDP -> new OxmField[] {OxmField.UDP_SRC, OxmField.UDP_DST};
          case ICMP -> new OxmField[] {OxmField.ICMPV4_TYPE, OxmField.ICMPV4_CODE};
          case ICMPV6 -> new OxmField[] {OxmField.ICMPV6_TYPE, OxmField.ICMPV6_CODE};
          default -> new OxmField[0];
        };
    return new Tuple(
        zone,
        v6,
        protocol,
        packet.value(v6 ? OxmField.IPV6_SRC : OxmField.IPV4_SRC),
        packet.value(v6 ? OxmField.IPV6_DST : OxmField.IPV4_DST),
        ports.length == 0 ? 0 : packet.number(ports[0]),
        ports.length == 0 ? 0 : packet.number(ports[1]));
  }
}
