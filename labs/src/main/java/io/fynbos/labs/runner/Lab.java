package io.fynbos.labs.runner;

import io.fynbos.labs.net.Command;
import io.fynbos.labs.net.Namespace;
import io.fynbos.labs.topology.Topology;
import io.fynbos.labs.topology.Topology.Guest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A lab that is up: its nodes, what runs on them, and the faults one can put into it. */
public final class Lab {
  private final Topology topology;
  private final LabDirectory records;
  private final Wiring wiring;
  private final GuestPorts ports;
  private final Map<String, HostSwitch> switches = new LinkedHashMap<>();

  Lab(Topology topology, LabDirectory records) {
    this.topology = topology;
    this.records = records;
    this.wiring = new Wiring(topology);
    this.ports = new GuestPorts(wiring, records);
    topology
        .hosts()
        .forEach(
            host ->
                switches.put(
                    host.name(), new HostSwitch(host, wiring.namespace(host.name()), records)));
  }

  /**
   * The lab of this name, or the only one that is up.
   *
   * @throws LabException when it is not up, or when several are and none was named
   */
  public static Lab open(Optional<String> name) {
    List<String> up =
        LabDirectory.all().stream().filter(LabDirectory::up).map(LabDirectory::lab).toList();
    if (name.isEmpty() && up.size() > 1) {
      throw new LabException(
          "several labs are up: %s. Choose one with --lab NAME, or set FYNBOS_LAB"
              .formatted(String.join(", ", up)));
    }
    String wanted =
        name.or(() -> up.stream().findFirst())
            .orElseThrow(
                () -> new LabException("no lab is up; start one: fynbos lab up two-hosts"));
    LabDirectory records = new LabDirectory(wanted);
    return records
        .topology()
        .filter(topology -> up.contains(wanted))
        .map(topology -> new Lab(topology, records))
        .orElseThrow(
            () ->
                new LabException(
                    "no lab '%s' is up%s"
                        .formatted(wanted, up.isEmpty() ? "" : "; up: " + String.join(", ", up))));
  }

  public Topology topology() {
    return topology;
  }

  public LabDirectory records() {
    return records;
  }

  public Wiring wiring() {
    return wiring;
  }

  /** The switch of a host of this lab. */
  public HostSwitch hostSwitch(String host) {
    return Optional.ofNullable(switches.get(host))
        .orElseThrow(() -> new LabException("there is no host '" + host + "' in this lab"));
  }

  /** A guest of this lab. */
  public Guest guest(String name) {
    return topology
        .guest(name)
        .orElseThrow(
            () ->
                new LabException(
                    "there is no guest '%s' in this lab; guests: %s"
                        .formatted(
                            name,
                            String.join(
                                ", ", topology.guests().stream().map(Guest::name).toList()))));
  }

  GuestPorts ports() {
    return ports;
  }

  /** A new client of the controller. */
  public ControllerApi api() {
    return new ControllerApi(wiring.controller());
  }

  /** The namespace of a node that somebody named. */
  public Namespace namespace(String node) {
    String known = node.equals("ctl") ? Topology.CONTROLLER : node;
    if (!topology.nodes().contains(known) && !known.equals(Topology.UNDERLAY)) {
      throw new LabException(
          "there is no node '%s' in this lab; nodes: %s"
              .formatted(node, String.join(", ", topology.nodes())));
    }
    return wiring.namespace(known);
  }

  /**
   * Gives every guest whose endpoint appeared or changed since its MAC, addresses and iface-id.
   * Does nothing while the controller is away.
   *
   * @return the guests whose endpoint is not known
   */
  public List<Guest> refresh(ControllerApi api) {
    List<Guest> unknown = new ArrayList<>();
    for (Guest guest : topology.guests()) {
      Optional<GuestPorts.Known> endpoint = GuestPorts.Known.of(api, guest);
      if (endpoint.isEmpty()) {
        unknown.add(guest);
      } else if (ports.configure(guest, endpoint.get(), hostSwitch(guest.host()))) {
        awaitAddresses(guest);
      }
    }
    return unknown;
  }

  /** As {@link #refresh(ControllerApi)}, with a client of its own; a controller may be away. */
  public void refresh() {
    try (ControllerApi api = api()) {
      records.locked(held -> refresh(api));
    } catch (ControllerApi.ControllerGone nothingToLearn) {
      // The guests keep what they have.
    }
  }

  /** Waits until the guest's addresses have passed duplicate address detection. */
  void awaitAddresses(Guest guest) {
    Command tentative =
        Command.of(
            "ip", "-n", wiring.namespace(guest.name()).name(), "-6", "addr", "show", "tentative");
    Await.until(() -> tentative.run().output().isBlank(), java.time.Duration.ofSeconds(5));
  }

  /** Plugs a guest in, with what its endpoint is now. */
  public void attach(Guest guest) {
    refresh();
    plug(guest);
  }

  /** Plugs a guest in as it was configured last. */
  public void plug(Guest guest) {
    ports.plug(guest, hostSwitch(guest.host()));
  }

  /** Unplugs a guest. */
  public void detach(Guest guest) {
    ports.unplug(guest, hostSwitch(guest.host()));
  }

  public boolean attached(Guest guest) {
    return ports.record(guest).plugged();
  }

  /** Whether the lab has given this guest its addresses. */
  public boolean configured(Guest guest) {
    return ports.record(guest).known();
  }

  /** The addresses that the guest has now. */
  public List<String> addresses(Guest guest) {
    return ports.record(guest).addresses();
  }

  /** The MAC that the guest has now. */
  public String mac(Guest guest) {
    return ports.record(guest).mac();
  }

  /** A process of a node, as {@link #start} and {@link #kill} name it. */
  public Optional<ProcessRecord> process(String node, String process) {
    checkProcess(node, process);
    return records.process(owner(node), process);
  }

  /** Sends a signal to a process of a node, and waits for its end when the signal is to end it. */
  public void kill(String node, String process, String signal) {
    checkProcess(node, process);
    ProcessRecord running =
        records
            .process(owner(node), process)
            .filter(ProcessRecord::running)
            .orElseThrow(() -> new LabException(process + " of " + node + " is not running"));
    running.signal(signal);
    boolean ends = List.of("KILL", "TERM", "INT", "QUIT").contains(signal);
    if (ends && !running.awaitEnd(java.time.Duration.ofSeconds(15))) {
      throw new LabException(process + " of " + node + " still runs after " + signal);
    }
  }

  /** Starts a process of a node again, the way it was started first. */
  public void start(String node, String process) {
    checkProcess(node, process);
    if (records.process(owner(node), process).filter(ProcessRecord::running).isPresent()) {
      throw new LabException(process + " of " + node + " is running");
    }
    switch (process) {
      case JavaDaemon.CONTROLLER -> JavaDaemon.controller(wiring, records).start(records);
      case JavaDaemon.AGENT -> startAgent(node);
      case HostSwitch.OVSDB -> hostSwitch(node).startDatabase();
      default -> hostSwitch(node).startSwitch();
    }
  }

  void startAgent(String host) {
    Topology.Host node = topology.host(host).orElseThrow();
    JavaDaemon.agent(host, node.underlay(), hostSwitch(host), wiring, records).start(records);
  }

  void startController() {
    JavaDaemon.controller(wiring, records).start(records);
  }

  private static String owner(String node) {
    return node.equals("ctl") ? Topology.CONTROLLER : node;
  }

  private void checkProcess(String node, String process) {
    List<String> known =
        owner(node).equals(Topology.CONTROLLER)
            ? List.of(JavaDaemon.CONTROLLER)
            : topology.host(node).isPresent()
                ? List.of(HostSwitch.VSWITCHD, HostSwitch.OVSDB, JavaDaemon.AGENT)
                : List.of();
    if (!known.contains(process)) {
      throw new LabException(
          "there is no process '%s' on '%s'; %s"
              .formatted(
                  process,
                  node,
                  known.isEmpty()
                      ? "processes are on the hosts and on controller"
                      : "there: " + String.join(", ", known)));
    }
  }
}
