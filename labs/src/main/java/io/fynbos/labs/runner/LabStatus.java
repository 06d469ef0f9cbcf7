package io.fynbos.labs.runner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fynbos.labs.topology.Topology;
import io.fynbos.labs.topology.Topology.Guest;
import io.fynbos.labs.topology.Topology.Host;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What runs where, as it is now.
 *
 * @param controllerAnswers whether the controller's API answers
 */
public record LabStatus(
    String lab, boolean controllerAnswers, List<NodeStatus> nodes, List<GuestStatus> guests) {
  private static final ObjectMapper JSON = new ObjectMapper();

  public LabStatus {
    nodes = List.copyOf(nodes);
    guests = List.copyOf(guests);
  }

  /** The controller or a host. */
  public record NodeStatus(
      String name, String namespace, String address, List<ProcessStatus> processes) {
    public NodeStatus {
      processes = List.copyOf(processes);
    }
  }

  /** One process; {@code pid} is 0 when it does not run. */
  public record ProcessStatus(String name, boolean running, long pid, long residentKibibytes) {}

  /**
   * One guest.
   *
   * @param state {@code attached}, or why it is not: {@code unplugged}, {@code unknown} (no such
   *     endpoint yet), {@code attaching} or {@code detached} as the controller sees it, {@code
   *     waiting} while the controller does not answer
   */
  public record GuestStatus(
      String name,
      String namespace,
      String host,
      String endpoint,
      String state,
      String mac,
      List<String> addresses,
      List<String> serves) {
    public GuestStatus {
      addresses = List.copyOf(addresses);
      serves = List.copyOf(serves);
    }
  }

  /** Asks everything that can be asked, and brings guests up to date first. */
  public static LabStatus of(Lab lab) {
    boolean answers = false;
    Map<String, String> bound = new HashMap<>();
    try (ControllerApi api = lab.api()) {
      lab.records().locked(held -> lab.refresh(api));
      for (JsonNode binding : api.collection("/v1/bindings")) {
        bound.put(binding.path("endpoint").asText(), binding.path("state").asText());
      }
      answers = true;
    } catch (ControllerApi.ControllerGone away) {
      // The status says so.
    }
    List<NodeStatus> nodes = new ArrayList<>();
    nodes.add(
        node(lab, Topology.CONTROLLER, Wiring.CONTROLLER_ADDRESS, List.of(JavaDaemon.CONTROLLER)));
    for (Host host : lab.topology().hosts()) {
      nodes.add(
          node(
              lab,
              host.name(),
              host.underlay(),
              List.of(HostSwitch.OVSDB, HostSwitch.VSWITCHD, JavaDaemon.AGENT)));
    }
    List<GuestStatus> guests =
        lab.topology().guests().stream()
            .map(guest -> guest(lab, guest, Optional.ofNullable(bound.get(guest.endpointText()))))
            .toList();
    return new LabStatus(lab.topology().name(), answers, nodes, guests);
  }

  private static NodeStatus node(Lab lab, String name, String address, List<String> processes) {
    List<ProcessStatus> statuses = new ArrayList<>();
    for (String process : processes) {
      Optional<ProcessRecord> running = lab.process(name, process).filter(ProcessRecord::running);
      statuses.add(
          new ProcessStatus(
              process,
              running.isPresent(),
              running.map(ProcessRecord::pid).orElse(0L),
              running.map(ProcessRecord::residentKibibytes).orElse(0L)));
    }
    return new NodeStatus(name, lab.namespace(name).name(), address, statuses);
  }

  private static GuestStatus guest(Lab lab, Guest guest, Optional<String> binding) {
    String state;
    if (!lab.attached(guest)) {
      state = "unplugged";
    } else if (!lab.configured(guest)) {
      state = "unknown";
    } else {
      state = binding.orElse("waiting");
    }
    return new GuestStatus(
        guest.name(),
        lab.namespace(guest.name()).name(),
        guest.host(),
        guest.endpointText(),
        state,
        lab.mac(guest),
        lab.addresses(guest),
        guest.serves().stream().map(Topology.Listener::toString).toList());
  }

  public String json() {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("records of texts and numbers", e);
    }
  }

  /** For people: one line for each process and each guest. */
  public String table() {
    TextTable processes =
        new TextTable(List.of("NODE", "NAMESPACE", "ADDRESS", "PROCESS", "PID", "RESIDENT"));
    for (NodeStatus node : nodes) {
      for (ProcessStatus process : node.processes()) {
        processes.row(
            node.name(),
            node.namespace(),
            node.address(),
            process.name(),
            process.running() ? Long.toString(process.pid()) : "down",
            process.running() ? process.residentKibibytes() / 1024 + " MiB" : "");
      }
    }
    TextTable table =
        new TextTable(List.of("GUEST", "NAMESPACE", "HOST", "ENDPOINT", "STATE", "ADDRESSES"));
    for (GuestStatus guest : guests) {
      table.row(
          guest.name(),
          guest.namespace(),
          guest.host(),
          guest.endpoint(),
          guest.state(),
          String.join(" ", guest.addresses()));
    }
    String controller = controllerAnswers ? "" : "The controller does not answer.\n";
    return "Lab " + lab + "\n\n" + controller + processes + "\n" + table;
  }
}
