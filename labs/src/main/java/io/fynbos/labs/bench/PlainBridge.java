package io.fynbos.labs.bench;

import io.fynbos.labs.net.Command;
import io.fynbos.labs.net.Namespace;
import io.fynbos.labs.runner.HostSwitch;
import io.fynbos.labs.runner.Lab;
import io.fynbos.labs.topology.Topology.Guest;
import java.util.List;

/**
 * A bridge beside the fabric's that only learns MACs (NORMAL), with a second interface for each of
 * two guests: the same kind of wires, the same Open vSwitch and the same kind of tunnel.
 */
public final class PlainBridge implements AutoCloseable {
  private static final String NIC = "bench0";
  private static final String BRIDGE = "br-bench";
  private static final String CLIENT_ADDRESS = "192.0.2.1";
  private static final String SERVER_ADDRESS = "192.0.2.2";

  /** A tunnel key that no identity has: it tells the plain bridge's packets from the fabric's. */
  private static final int PLAIN_KEY = 0xfffff0;

  private final Lab lab;
  private final Guest client;
  private final Guest server;

  private PlainBridge(Lab lab, Guest client, Guest server) {
    this.lab = lab;
    this.client = client;
    this.server = server;
  }

  /** Plugs both guests in. */
  public static PlainBridge between(Lab lab, Guest client, Guest server, int mtu) {
    PlainBridge bridge = new PlainBridge(lab, client, server);
    bridge.plug(client, server, CLIENT_ADDRESS, mtu);
    bridge.plug(server, client, SERVER_ADDRESS, mtu);
    return bridge;
  }

  /** The second guest's address on this bridge. */
  public String serverAddress() {
    return SERVER_ADDRESS;
  }

  private void plug(Guest guest, Guest other, String address, int mtu) {
    Namespace inside = lab.namespace(guest.name());
    Namespace host = lab.namespace(guest.host());
    host.configure(
        List.of(
            "link add %s type veth peer name %s netns %s"
                .formatted(hostSide(guest), NIC, inside.name()),
            "link set " + hostSide(guest) + " up"));
    Command.of("ethtool", "-K", NIC, "tx", "off").in(inside).succeed();
    inside.configure(
        List.of(
            "link set %s mtu %d up".formatted(NIC, mtu), "addr add " + address + "/24 dev " + NIC));
    HostSwitch ovs = lab.hostSwitch(guest.host());
    ovs.vsctl(
            "--may-exist", "add-br", BRIDGE, "--", "set", "bridge", BRIDGE, "datapath_type=netdev")
        .succeed();
    ovs.vsctl("--may-exist", "add-port", BRIDGE, hostSide(guest)).succeed();
    if (!guest.host().equals(other.host())) {
      String tunnel = "bench-tun";
      String peer = lab.topology().host(other.host()).orElseThrow().underlay();
      ovs.vsctl(
              "add-port",
              BRIDGE,
              tunnel,
              "--",
              "set",
              "interface",
              tunnel,
              "type=geneve",
              "options:remote_ip=" + peer,
              "options:key=" + PLAIN_KEY)
          .succeed();
    }
  }

  private static String hostSide(Guest guest) {
    return "b-" + guest.name();
  }

  @Override
  public void close() {
    for (Guest guest : List.of(client, server)) {
      lab.hostSwitch(guest.host()).vsctl("--if-exists", "del-br", BRIDGE).run();
      Command.of("ip", "-n", lab.namespace(guest.host()).name(), "link", "del", hostSide(guest))
          .run();
    }
  }
}
