package io.fynbos.labs.topology;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One lab, as its file describes it: who stands where, and which documents it starts with. Names
 * are unique across all nodes, and every guest stands on a host of the same topology.
 *
 * @param name the lab's name; part of every namespace it uses
 * @param documents what is applied once the controller answers, in this order
 */
public record Topology(
    String name, List<Host> hosts, List<Guest> guests, List<DocumentSource> documents) {

  /** The node that runs the controller. */
  public static final String CONTROLLER = "controller";

  /** The node that is the underlay between the hosts. */
  public static final String UNDERLAY = "net";

  public Topology {
    hosts = List.copyOf(hosts);
    guests = List.copyOf(guests);
    documents = List.copyOf(documents);
  }

  /**
   * A hypervisor: one Open vSwitch and one agent.
   *
   * @param underlay its tunnel address, IPv4
   */
  public record Host(String name, String underlay) {}

  /**
   * A guest with one interface.
   *
   * @param universe the first half of its endpoint's name
   * @param endpoint the second half
   * @param serves what it listens on, besides what `check` adds
   */
  public record Guest(
      String name, String host, String universe, String endpoint, List<Listener> serves) {
    public Guest {
      serves = List.copyOf(serves);
    }

    /** The endpoint as the API's users write it: {@code blue/web1}. */
    public String endpointText() {
      return universe + "/" + endpoint;
    }
  }

  /** A port that a guest listens on, for both families. */
  public record Listener(Transport transport, int port) {
    @Override
    public String toString() {
      return transport.text() + "/" + port;
    }
  }

  /** The protocols a guest can listen on. */
  public enum Transport {
    TCP,
    UDP;

    /** The word of the topology file: tcp, udp. */
    public String text() {
      return switch (this) {
        case TCP -> "tcp";
        case UDP -> "udp";
      };
    }
  }

  /** Documents for the controller, as JSON, with the place they came from for messages. */
  public record DocumentSource(String origin, String json) {}

  /** The guest of this name. */
  public Optional<Guest> guest(String wanted) {
    return guests.stream().filter(guest -> guest.name().equals(wanted)).findFirst();
  }

  /** The host of this name. */
  public Optional<Host> host(String wanted) {
    return hosts.stream().filter(host -> host.name().equals(wanted)).findFirst();
  }

  /** Every name that a command may call a node by. */
  public List<String> nodes() {
    return Stream.of(
            Stream.of(CONTROLLER), hosts.stream().map(Host::name), guests.stream().map(Guest::name))
        .flatMap(names -> names)
        .toList();
  }
}
