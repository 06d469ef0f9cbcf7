package io.fynbos.openflow.wire;

import java.util.Map;

/**
 * The reserved port numbers of OpenFlow 1.1 and later (1.5 §7.2.1), and how ovs-ofctl names them.
 */
public final class Ports {
  /** Where the packet came in. */
  public static final int IN_PORT = 0xfffffff8;

  /** Through the flow tables (packet-out only). */
  public static final int TABLE = 0xfffffff9;

  /** As a learning switch would. */
  public static final int NORMAL = 0xfffffffa;

  /** All ports but the one it came in by, without those that do not flood. */
  public static final int FLOOD = 0xfffffffb;

  /** All ports but the one it came in by. */
  public static final int ALL = 0xfffffffc;

  /** To the controller. */
  public static final int CONTROLLER = 0xfffffffd;

  /** The bridge's own port. */
  public static final int LOCAL = 0xfffffffe;

  /** No particular port. */
  public static final int ANY = 0xffffffff;

  private static final Map<Integer, String> NAMES =
      Map.of(
          IN_PORT, "IN_PORT",
          TABLE, "TABLE",
          NORMAL, "NORMAL",
          FLOOD, "FLOOD",
          ALL, "ALL",
          CONTROLLER, "CONTROLLER",
          LOCAL, "LOCAL",
          ANY, "ANY");

  private Ports() {}

  /** Whether this is one of the named, reserved numbers. */
  public static boolean reserved(int port) {
    return NAMES.containsKey(port);
  }

  /** The reserved name, or the number. */
  public static String text(int port) {
    String name = NAMES.get(port);
    return name == null ? Integer.toUnsignedString(port) : name;
  }
}
