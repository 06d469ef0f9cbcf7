package io.fynbos.labs.runner;

import io.fynbos.labs.net.Command;
import io.fynbos.labs.net.Namespace;
import io.fynbos.labs.topology.Topology;
import io.fynbos.labs.topology.Topology.Guest;
import io.fynbos.labs.topology.Topology.Host;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Who is wired to whom: the names, addresses and interfaces of a lab's namespaces.
 *
 * <p>Three networks that never meet: the underlay (one bridge in {@code fyn-LAB-net}), the
 * management network (one bridge in {@code fyn-LAB-mgmt}, 10.255.0.0/24, with the controller at
 * .1), and each guest's own wire to its host.
 */
public final class Wiring {
  /** Where the controller listens for OpenFlow and for the agents' API calls. */
  public static final String CONTROLLER_ADDRESS = "10.255.0.1";

  /** A guest's only interface besides loopback, inside the guest. */
  public static final String GUEST_INTERFACE = "eth0";

  static final String UPLINK = "uplink0";
  static final String MANAGEMENT = "mgmt0";
  private static final String BRIDGE = "br0";
  private static final int FIRST_HOST_NUMBER = 11;
  private static final int INTERFACE_CHARS_MAX = 15;
  private static final int GUEST_MTU = 1450;

  private final Topology topology;

  public Wiring(Topology topology) {
    this.topology = topology;
  }

  /** The namespace of a node; the controller answers to {@code ctl} too. */
  public Namespace namespace(String node) {
    String short_ = node.equals(Topology.CONTROLLER) ? "ctl" : node;
    return new Namespace("fyn-" + topology.name() + "-" + short_);
  }

  public Namespace controller() {
    return namespace(Topology.CONTROLLER);
  }

  Namespace underlay() {
    return namespace(Topology.UNDERLAY);
  }

  Namespace management() {
    return namespace("mgmt");
  }

  /** Every namespace of the lab. */
  List<Namespace> namespaces() {
    List<Namespace> all = new ArrayList<>(List.of(management(), underlay()));
    topology.nodes().forEach(node -> all.add(namespace(node)));
    return all;
  }

  /** The name of the guest's wire at its host. */
  public String hostSide(Guest guest) {
    String plain = "tap-" + guest.name();
    if (plain.length() <= INTERFACE_CHARS_MAX) {
      return plain;
    }
    CRC32 sum = new CRC32();
    sum.update(guest.name().getBytes(StandardCharsets.UTF_8));
    return "tap-%08x".formatted(sum.getValue());
  }

  /** Makes all namespaces and all wires. Guests have no addresses yet. */
  void build() {
    List<String> add = namespaces().stream().map(each -> "netns add " + each.name()).toList();
    Command.of("ip", "-batch", "-").reading(String.join("\n", add) + "\n").succeed();
    List<String> wires = new ArrayList<>();
    wires.addAll(wire(management(), "ctl", controller(), MANAGEMENT));
    for (int i = 0; i < topology.hosts().size(); i++) {
      Namespace host = namespace(topology.hosts().get(i).name());
      wires.addAll(wire(management(), port(i), host, MANAGEMENT));
      wires.addAll(wire(underlay(), port(i), host, UPLINK));
    }
    for (Guest guest : topology.guests()) {
      wires.addAll(
          wire(namespace(guest.host()), hostSide(guest), namespace(guest.name()), GUEST_INTERFACE));
    }
    Command.of("ip", "-batch", "-").reading(String.join("\n", wires) + "\n").succeed();
    quiet();
    topology.guests().parallelStream().forEach(this::prepare);
    bridge(management(), true);
    bridge(underlay(), false);
    controller().configure(up(MANAGEMENT, CONTROLLER_ADDRESS + "/24"));
    for (int i = 0; i < topology.hosts().size(); i++) {
      List<String> lines = new ArrayList<>(up(MANAGEMENT, managementAddress(i) + "/24"));
      lines.add("link set " + UPLINK + " up");
      Host host = topology.hosts().get(i);
      topology.guests().stream()
          .filter(guest -> guest.host().equals(host.name()))
          .forEach(guest -> lines.add("link set " + hostSide(guest) + " up"));
      namespace(host.name()).configure(lines);
    }
  }

  /** The address by which the controller's machine reaches this host. */
  private static String managementAddress(int hostIndex) {
    return "10.255.0." + (FIRST_HOST_NUMBER + hostIndex);
  }

  private static String port(int hostIndex) {
    return "p" + hostIndex;
  }

  /** The end of a host's wire to the underlay that does not belong to the host. */
  String underlayPort(String host) {
    return port(indexOf(host));
  }

  /** The end of a host's wire to the management network that does not belong to the host. */
  String managementPort(String host) {
    return port(indexOf(host));
  }

  private int indexOf(String host) {
    List<String> names = topology.hosts().stream().map(Host::name).toList();
    return names.indexOf(host);
  }

  private static List<String> wire(Namespace one, String oneEnd, Namespace other, String otherEnd) {
    return List.of(
        "link add %s netns %s type veth peer name %s netns %s"
            .formatted(oneEnd, one.name(), otherEnd, other.name()));
  }

  private static List<String> up(String name, String address) {
    return List.of(
        "link set lo up", "link set " + name + " up", "addr add " + address + " dev " + name);
  }

  private void bridge(Namespace namespace, boolean withController) {
    List<String> lines = new ArrayList<>();
    lines.add("link add " + BRIDGE + " type bridge");
    lines.add("link set " + BRIDGE + " up");
    List<String> ports = new ArrayList<>();
    if (withController) {
      ports.add("ctl");
    }
    for (int i = 0; i < topology.hosts().size(); i++) {
      ports.add(port(i));
    }
    for (String each : ports) {
      lines.add("link set " + each + " master " + BRIDGE + " up");
    }
    namespace.configure(lines);
  }

  /**
   * The kernels of hosts and bridges keep out of what the switches forward: no IPv6 of their own,
   * and an answer to an ARP request only on the interface that has the address (the uplink's kernel
   * side would answer for the bridge above it otherwise).
   */
  private void quiet() {
    List<Namespace> silent = new ArrayList<>(List.of(management(), underlay()));
    topology.hosts().forEach(host -> silent.add(namespace(host.name())));
    for (Namespace namespace : silent) {
      namespace.set("ipv6/conf/all/disable_ipv6", "1");
      namespace.set("ipv4/conf/all/arp_ignore", "1");
    }
  }

  /**
   * A guest answers every probe (no limit on ICMP errors), takes no router advertisement, and
   * checks its addresses for duplicates without the usual second of waiting.
   */
  private void prepare(Guest guest) {
    Namespace namespace = namespace(guest.name());
    namespace.set("ipv4/icmp_ratelimit", "0");
    namespace.set("ipv4/icmp_msgs_per_sec", "100000");
    namespace.set("ipv4/icmp_msgs_burst", "10000");
    namespace.set("ipv6/icmp/ratelimit", "0");
    namespace.set("ipv6/conf/" + GUEST_INTERFACE + "/accept_ra", "0");
    namespace.set("ipv6/conf/" + GUEST_INTERFACE + "/router_solicitation_delay", "0");
    namespace.set("ipv6/conf/" + GUEST_INTERFACE + "/router_solicitations", "0");
    namespace.set("ipv6/neigh/" + GUEST_INTERFACE + "/retrans_time_ms", "250");
    Command.of("ethtool", "-K", GUEST_INTERFACE, "tx", "off").in(namespace).succeed();
    namespace.configure(
        List.of("link set lo up", "link set " + GUEST_INTERFACE + " mtu " + GUEST_MTU + " up"));
  }

  /** What takes the link between two nodes down or up. */
  public Runnable link(String one, String other, boolean up) {
    String state = up ? " up" : " down";
    for (List<String> pair : List.of(List.of(one, other), List.of(other, one))) {
      String from = pair.get(0);
      String to = pair.get(1);
      var guest = topology.guest(from).filter(each -> each.host().equals(to));
      if (guest.isPresent()) {
        return set(namespace(to), hostSide(guest.get()) + state);
      }
      if (topology.host(from).isPresent() && to.equals(Topology.UNDERLAY)) {
        return set(underlay(), underlayPort(from) + state);
      }
      if (topology.host(from).isPresent()
          && (to.equals(Topology.CONTROLLER) || to.equals("ctl") || to.equals("mgmt"))) {
        return set(management(), managementPort(from) + state);
      }
    }
    throw new LabException(
        "there is no link between '%s' and '%s'; links are HOST net (the underlay), HOST controller (management) and GUEST HOST"
            .formatted(one, other));
  }

  private static Runnable set(Namespace namespace, String what) {
    return () -> namespace.configure(List.of("link set " + what));
  }
}
