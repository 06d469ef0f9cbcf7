package io.fynbos.labs.runner;

import com.fasterxml.jackson.databind.JsonNode;
import io.fynbos.labs.net.Command;
import io.fynbos.labs.net.Namespace;
import io.fynbos.labs.topology.Topology.Guest;
import io.fynbos.labs.topology.Topology.Transport;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A lab's guests at their ports: what libvirt and a guest's own network configuration would do. The
 * port carries the endpoint's id as iface-id, the guest its MAC and addresses.
 */
final class GuestPorts {
  private static final String ROUTER_V4 = "169.254.1.1";
  private static final String ROUTER_V6 = "fe80::1";

  private final Wiring wiring;
  private final LabDirectory records;

  GuestPorts(Wiring wiring, LabDirectory records) {
    this.wiring = wiring;
    this.records = records;
  }

  /** What the lab needs to know of an endpoint. */
  record Known(String id, String mac, List<String> addresses) {
    Known {
      addresses = List.copyOf(addresses);
    }

    static Optional<Known> of(ControllerApi api, Guest guest) {
      return api.object("/v1/universes/" + guest.universe() + "/endpoints/" + guest.endpoint())
          .map(Known::of);
    }

    private static Known of(JsonNode endpoint) {
      List<String> addresses = new ArrayList<>();
      endpoint.path("addresses").forEach(address -> addresses.add(address.asText()));
      return new Known(endpoint.path("id").asText(), endpoint.path("mac").asText(), addresses);
    }
  }

  GuestRecord record(Guest guest) {
    return records.guest(guest.name()).orElseGet(() -> GuestRecord.unknown(guest.name()));
  }

  /**
   * Makes the guest be what its endpoint says. Nothing happens when it already is.
   *
   * @return whether anything changed
   */
  boolean configure(Guest guest, Known endpoint, HostSwitch hostSwitch) {
    GuestRecord before = record(guest);
    GuestRecord after =
        new GuestRecord(
            guest.name(), before.plugged(), endpoint.id(), endpoint.mac(), endpoint.addresses());
    if (after.equals(before)) {
      return false;
    }
    address(guest, after);
    records.record(after);
    if (after.plugged()) {
      label(guest, after, hostSwitch);
    }
    return true;
  }

  /** Gives the guest's interface its MAC, addresses and routes; each address is its own subnet. */
  private void address(Guest guest, GuestRecord wanted) {
    Namespace namespace = wiring.namespace(guest.name());
    String nic = Wiring.GUEST_INTERFACE;
    List<String> lines = new ArrayList<>();
    lines.add("addr flush dev " + nic);
    lines.add("link set " + nic + " down");
    lines.add("link set " + nic + " address " + wanted.mac());
    lines.add("link set " + nic + " up");
    boolean v4 = false;
    boolean v6 = false;
    for (String address : wanted.addresses()) {
      boolean sixth = address.contains(":");
      lines.add("addr add " + address + (sixth ? "/128" : "/32") + " dev " + nic);
      v4 |= !sixth;
      v6 |= sixth;
    }
    if (v4) {
      lines.add("route replace default via " + ROUTER_V4 + " dev " + nic + " onlink");
    }
    if (v6) {
      lines.add("route replace ::/0 via " + ROUTER_V6 + " dev " + nic);
    }
    namespace.configure(lines);
  }

  /** Plugs the guest in. Without a known endpoint its port has no iface-id and stays blocked. */
  void plug(Guest guest, HostSwitch hostSwitch) {
    GuestRecord record = record(guest).plugged(true);
    List<String> words =
        Command.words(
            List.of("--no-wait", "--may-exist", "add-port", "br-int", wiring.hostSide(guest)));
    words.addAll(labels(guest, record));
    wiring.namespace(guest.host()).configure(List.of("link set " + wiring.hostSide(guest) + " up"));
    hostSwitch.vsctl(words.toArray(String[]::new)).succeed();
    records.record(record);
  }

  private void label(Guest guest, GuestRecord record, HostSwitch hostSwitch) {
    List<String> words = Command.words(List.of("--no-wait"));
    words.addAll(labels(guest, record));
    words.remove("--");
    hostSwitch.vsctl(words.toArray(String[]::new)).succeed();
  }

  private List<String> labels(Guest guest, GuestRecord record) {
    if (!record.known()) {
      return List.of();
    }
    UUID machine =
        UUID.nameUUIDFromBytes(
            (records.lab() + "/" + guest.name()).getBytes(StandardCharsets.UTF_8));
    return List.of(
        "--",
        "set",
        "interface",
        wiring.hostSide(guest),
        "external_ids:iface-id=" + record.endpointId(),
        "external_ids:attached-mac=\"" + record.mac() + "\"",
        "external_ids:iface-status=active",
        "external_ids:vm-id=" + machine);
  }

  /** Unplugs the guest: its port goes, and it sees its link go down. */
  void unplug(Guest guest, HostSwitch hostSwitch) {
    hostSwitch
        .vsctl("--no-wait", "--if-exists", "del-port", "br-int", wiring.hostSide(guest))
        .succeed();
    wiring
        .namespace(guest.host())
        .configure(List.of("link set " + wiring.hostSide(guest) + " down"));
    records.record(record(guest).plugged(false));
  }

  /** Starts what the guest listens on: each sends back what it gets, over both families. */
  void serve(Guest guest) {
    for (var listener : guest.serves()) {
      String address =
          listener.transport() == Transport.TCP
              ? "TCP6-LISTEN:%d,ipv6only=0,reuseaddr,fork"
              : "UDP6-RECVFROM:%d,ipv6only=0,reuseaddr,fork";
      Background.start(
          records,
          guest.name(),
          listener.transport().text() + "-" + listener.port(),
          wiring.namespace(guest.name()),
          List.of("socat", address.formatted(listener.port()), "PIPE"));
    }
  }
}
