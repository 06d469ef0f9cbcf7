package io.fynbos.labs.bench.ovn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The logical network that both sides build: one address space, 100 groups, 1,000 rules, all
 * incoming traffic denied that no rule allows. Each endpoint is in two groups. The first endpoints
 * stand in turn on the two hosts, as many as a host has in practice; the others stand elsewhere.
 */
record Network(List<Port> ports, List<Rule> rules) {
  static final int GROUPS = 100;
  static final int RULES = 1_000;

  /** Endpoints with a real port, on each of the two hosts. */
  static final int LOCAL_EACH_MAX = 100;

  /** The least number of endpoints that fills all groups. */
  static final int ENDPOINTS_MIN = GROUPS;

  /** What the probe of a new member's first packet asks for. */
  static final int PROBE_PORT = 7_000;

  /** Members of these may ask {@link #PROBE_PORT}; the client is in none of them. */
  private static final int FIRST_ASKING_GROUP = 60;

  private static final int ASKING_GROUPS = 30;

  /** The group of an endpoint whose set is the client's with this one more. */
  static final String GROUP_OF_TWIN = group(FIRST_ASKING_GROUP + ASKING_GROUPS);

  Network {
    ports = List.copyOf(ports);
    rules = List.copyOf(rules);
  }

  /** Where an endpoint stands. */
  enum Place {
    FIRST_HOST,
    SECOND_HOST,
    ELSEWHERE
  }

  /** An endpoint, as both sides know it. */
  record Port(int number, SortedSet<String> groups, Place place) {

    UUID id() {
      return new UUID(0x0f0f_0000_0000_4000L, 0x8000_0000_0000_0000L | number);
    }

    String name() {
      return "e" + number;
    }

    String mac() {
      return "02:0b:00:00:%02x:%02x".formatted(number >> 8, number & 0xff);
    }

    String address() {
      return "10.0.%d.%d".formatted((number + 10) >> 8, (number + 10) & 0xff);
    }

    /** The same endpoint in one more group. */
    Port joining(String group) {
      SortedSet<String> more = new TreeSet<>(groups);
      more.add(group);
      return new Port(number, more, place);
    }
  }

  /**
   * Members of a group may be asked for a service.
   *
   * @param peers the group that may ask; anyone when empty
   * @param port nought for ICMP
   */
  record Rule(String name, String group, Optional<String> peers, String protocol, int port) {}

  static Network of(int endpoints) {
    int local = Math.min(endpoints, 2 * LOCAL_EACH_MAX);
    List<Port> ports = new ArrayList<>();
    for (int e = 0; e < endpoints; e++) {
      Place place =
          e >= local ? Place.ELSEWHERE : e % 2 == 0 ? Place.FIRST_HOST : Place.SECOND_HOST;
      int first = e / 2 % GROUPS;
      SortedSet<String> groups = new TreeSet<>(List.of(group(first), group((first + 50) % GROUPS)));
      ports.add(new Port(e, groups, place));
    }
    Port twin = ports.remove(endpoints - 1);
    SortedSet<String> alike = new TreeSet<>(ports.get(0).groups());
    alike.add(GROUP_OF_TWIN);
    ports.add(new Port(twin.number(), alike, twin.place()));
    return new Network(ports, allRules());
  }

  static String group(int number) {
    return "g" + number;
  }

  /** A group that lets its members ask the probe's port, another for each round. */
  static String askingGroup(int round) {
    return group(FIRST_ASKING_GROUP + round % ASKING_GROUPS);
  }

  /** The rule that comes and goes; its group has members on both hosts. */
  static Rule changing(int round) {
    return new Rule("changing", group(5), Optional.of(group(9)), "tcp", 20_000 + round);
  }

  private static List<Rule> allRules() {
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i <= ASKING_GROUPS; i++) {
      Optional<String> asking = Optional.of(group(FIRST_ASKING_GROUP + i));
      rules.add(new Rule("r" + i, group(0), asking, "udp", PROBE_PORT));
    }
    for (int g = 0; g < 2; g++) {
      rules.add(new Rule("r" + rules.size(), group(g), Optional.empty(), "icmp", 0));
      rules.add(new Rule("r" + rules.size(), group(g), Optional.empty(), "tcp", 5_201));
    }
    for (int i = rules.size(); i < RULES; i++) {
      Optional<String> asking = Optional.of(group((i * 7 + 3) % GROUPS));
      rules.add(new Rule("r" + i, group(i % GROUPS), asking, "tcp", 2_000 + i));
    }
    return rules;
  }

  /** The client of all probes, on the first host. */
  Port client() {
    return ports.get(0);
  }

  /** Its server on the other host. */
  Port remoteServer() {
    return ports.get(1);
  }

  /** Its server on the same host. */
  Port localServer() {
    return ports.get(2);
  }

  List<Port> at(Place place) {
    return ports.stream().filter(port -> port.place() == place).toList();
  }

  List<Port> members(String group) {
    return ports.stream().filter(port -> port.groups().contains(group)).toList();
  }

  static List<String> groups() {
    List<String> groups = new ArrayList<>();
    for (int g = 0; g < GROUPS; g++) {
      groups.add(group(g));
    }
    return groups;
  }
}
