package io.fynbos.labs.bench.ovn;

import io.fynbos.labs.bench.ovn.Network.Place;
import io.fynbos.labs.bench.ovn.Network.Port;
import io.fynbos.labs.net.Command;
import io.fynbos.labs.runner.Await;
import io.fynbos.labs.runner.HostSwitch;
import io.fynbos.labs.runner.Lab;
import io.fynbos.labs.runner.LabException;
import io.fynbos.labs.topology.Topology;
import io.fynbos.labs.topology.Topology.Guest;
import io.fynbos.labs.topology.Topology.Host;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is the same on both sides: two hosts with an Open vSwitch each, three guests behind veths,
 * an internal port for every other local endpoint, and a third host that is only declared.
 */
final class Sites {
  /** The guests' MTU: what a Geneve tunnel with OVN's option leaves of 1,500. */
  static final int MTU = 1_442;

  static final String FIRST = "h1";
  static final String SECOND = "h2";

  /** The host that is declared and does not run: all endpoints that are elsewhere are there. */
  static final String ELSEWHERE = "elsewhere";

  static final String ELSEWHERE_ADDRESS = "172.31.0.200";

  private static final String UNIVERSE = "bench";
  private static final Guest CLIENT = guest("a1", FIRST, 0);
  private static final Guest REMOTE_SERVER = guest("b1", SECOND, 1);
  private static final Guest LOCAL_SERVER = guest("a2", FIRST, 2);
  private static final Map<Integer, Guest> GUESTS =
      Map.of(0, CLIENT, 1, REMOTE_SERVER, 2, LOCAL_SERVER);
  private static final int PORTS_AT_ONCE = 50;
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration PING_LIMIT = Duration.ofSeconds(10);
  private static final Pattern FLOWS = Pattern.compile("flow_count=(\\d+)");

  private Sites() {}

  private static Guest guest(String name, String host, int number) {
    return new Guest(name, host, UNIVERSE, "e" + number, List.of());
  }

  static Topology topology(String lab) {
    return new Topology(
        lab,
        List.of(new Host(FIRST, "172.31.0.1"), new Host(SECOND, "172.31.0.2")),
        List.of(CLIENT, REMOTE_SERVER, LOCAL_SERVER),
        List.of());
  }

  static Guest client() {
    return CLIENT;
  }

  static Guest remoteServer() {
    return REMOTE_SERVER;
  }

  static Guest localServer() {
    return LOCAL_SERVER;
  }

  /** Makes the ports of all local endpoints, with their ids; guests have theirs at their veths. */
  static void plug(Lab lab, Network network) {
    plug(lab.hostSwitch(FIRST), lab, network.at(Place.FIRST_HOST));
    plug(lab.hostSwitch(SECOND), lab, network.at(Place.SECOND_HOST));
  }

  private static void plug(HostSwitch ovs, Lab lab, List<Port> ports) {
    List<String> words = new ArrayList<>();
    int waiting = 0;
    for (Port port : ports) {
      Guest guest = GUESTS.get(port.number());
      String nic = guest == null ? "p" + port.number() : lab.wiring().hostSide(guest);
      words.addAll(List.of("--", "--may-exist", "add-port", "br-int", nic));
      words.addAll(List.of("--", "set", "interface", nic, "external_ids:iface-id=" + port.id()));
      if (guest == null) {
        words.add("type=internal");
      } else {
        words.add("external_ids:attached-mac=\"" + port.mac() + "\"");
      }
      if (++waiting == PORTS_AT_ONCE) {
        ovs.vsctl(words.toArray(String[]::new)).within(LIMIT).succeed();
        words.clear();
        waiting = 0;
      }
    }
    if (waiting > 0) {
      ovs.vsctl(words.toArray(String[]::new)).within(LIMIT).succeed();
    }
  }

  /**
   * Gives the guests their MACs and addresses.
   *
   * @param prefix what each takes to be on its own wire
   * @param route the line that leads to all else; empty when nothing else is needed
   */
  static void address(Lab lab, Network network, int prefix, String route) {
    List<Port> guests = List.of(network.client(), network.remoteServer(), network.localServer());
    for (Port port : guests) {
      List<String> lines = new ArrayList<>();
      lines.add("addr flush dev eth0");
      lines.add("link set eth0 down");
      lines.add("link set eth0 mtu " + MTU + " address " + port.mac() + " up");
      lines.add("addr add %s/%d dev eth0".formatted(port.address(), prefix));
      if (route.isEmpty()) {
        guests.stream()
            .filter(other -> other.number() != port.number())
            .forEach(
                other ->
                    lines.add(
                        "neigh replace %s lladdr %s dev eth0"
                            .formatted(other.address(), other.mac())));
      } else {
        lines.add(route);
      }
      Guest guest = GUESTS.getOrDefault(port.number(), CLIENT);
      lab.namespace(guest.name()).configure(lines);
    }
  }

  /** How many flows the pipeline of a host has. */
  static long flows(Lab lab, String host) {
    String bridge = "unix:" + lab.hostSwitch(host).directory().resolve("br-int.mgmt");
    String answer = lab.hostSwitch(host).ofctl("dump-aggregate", bridge).succeed();
    Matcher count = FLOWS.matcher(answer);
    if (!count.find()) {
      throw new LabException("no flow count in: " + answer);
    }
    return Long.parseLong(count.group(1));
  }

  /**
   * Waits until pings pass between two guests. The first to a host that was not spoken to yet is
   * always lost: its tunnel address is resolved then.
   */
  static boolean reaches(Lab lab, Guest from, String address) {
    Command ping =
        Command.of("ping", "-q", "-n", "-c", "1", "-W", "1", address)
            .in(lab.namespace(from.name()));
    return Await.until(() -> ping.run().status() == 0, PING_LIMIT);
  }
}
