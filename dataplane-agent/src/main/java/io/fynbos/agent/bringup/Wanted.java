package io.fynbos.agent.bringup;

import io.fynbos.policy.model.HostName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The configuration a host must have.
 *
 * @param datapathId the switch's id in OpenFlow
 * @param controller the OpenFlow target, as Open vSwitch writes it
 * @param datapathType {@code system} for the kernel's datapath, {@code netdev} for the one in
 *     userspace
 */
public record Wanted(long datapathId, String controller, String datapathType) {
  /** The bridge all guests and tunnels are on. */
  public static final String BRIDGE = "br-int";

  /** The one tunnel port; each packet says where it goes. */
  public static final String TUNNEL = "fyn-tun";

  /** The tunnel port's number, fixed so that flows can name it. */
  public static final int TUNNEL_OFPORT = 65000;

  /**
   * How often cached flows are checked against the tables, at the least: the shortest that Open
   * vSwitch takes. It ignores what is shorter, and then keeps its default of 500 ms.
   */
  public static final int REVALIDATOR_MILLIS_MAX = 100;

  /**
   * A controller that never answers. Open vSwitch throws all flows away when a bridge gets its
   * first controller, also when that was only held back while the switch waited for its flows; from
   * one controller to another it keeps them. So this one stands in until the flows are there.
   */
  public static final String NO_CONTROLLER = "tcp:127.0.0.1:1";

  static final SortedSet<String> PROTOCOLS =
      new TreeSet<>(
          List.of(
              "OpenFlow10", "OpenFlow11", "OpenFlow12", "OpenFlow13", "OpenFlow14", "OpenFlow15"));

  /** The id that a host's switch has, wherever and how often it is set up. */
  public static long datapathId(HostName host) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(("fynbos host " + host).getBytes(StandardCharsets.UTF_8));
      long id = 0;
      for (int i = 0; i < Long.BYTES; i++) {
        id = (id << 8) | (hash[i] & 0xff);
      }
      return id == 0 ? 1 : id;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The datapath id as sixteen digits. */
  public String datapathIdText() {
    return "%016x".formatted(datapathId);
  }

  SortedMap<String, String> bridgeConfig() {
    return new TreeMap<>(Map.of("datapath-id", datapathIdText(), "disable-in-band", "true"));
  }

  static SortedMap<String, String> rootConfig() {
    return new TreeMap<>(Map.of("max-revalidator", Integer.toString(REVALIDATOR_MILLIS_MAX)));
  }

  static SortedMap<String, String> tunnelOptions() {
    return new TreeMap<>(Map.of("remote_ip", "flow", "key", "flow"));
  }
}
