package io.fynbos.labs.bench;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fynbos.labs.net.Command;
import io.fynbos.labs.net.Namespace;
import io.fynbos.labs.runner.Await;
import io.fynbos.labs.runner.ControllerApi;
import io.fynbos.labs.runner.HostSwitch;
import io.fynbos.labs.runner.Lab;
import io.fynbos.labs.runner.LabException;
import io.fynbos.labs.topology.Topology.Guest;
import io.fynbos.labs.traffic.GuestWires;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * TCP throughput and round trips through the pipeline, and through a bridge beside it that only
 * learns MACs (NORMAL), with the same kind of wires, the same Open vSwitch and the same kind of
 * tunnel. The two take turns, and the median of nine counts.
 */
final class ThroughputBench {
  private static final int RUNS = 9;
  private static final int SECONDS = 4;
  private static final int PORT = 5201;
  private static final String NIC = "bench0";
  private static final String BRIDGE = "br-bench";

  /** A tunnel key that no identity has: it tells the plain bridge's packets from the fabric's. */
  private static final int PLAIN_KEY = 0xfffff0;

  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Pattern AVERAGE = Pattern.compile("= [0-9.]+/([0-9.]+)/");
  private static final String POLICY = "/v1/universes/blue/policies/bench-throughput";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Lab lab;
  private final Guest client;
  private final Guest server;
  private final String plainClient;
  private final String plainServer;

  private ThroughputBench(Lab lab, Guest client, Guest server) {
    this.lab = lab;
    this.client = client;
    this.server = server;
    this.plainClient = "192.0.2.1";
    this.plainServer = "192.0.2.2";
  }

  static void measure(Lab lab, ControllerApi api, BenchTable table) {
    long revision =
        api.change(
            "PUT",
            POLICY,
            """
            {"kind":"Policy","universe":"blue","name":"bench-throughput","tier":"universe",
             "rules":[{"direction":"in","action":"allow",
                       "services":[{"protocol":"tcp","ports":["%d"]},{"protocol":"icmp","type":8}]}]}
            """
                .formatted(PORT));
    api.awaitApplied(revision, LIMIT);
    try {
      new ThroughputBench(lab, lab.guest("web1"), lab.guest("db1")).measure("two hosts", table);
      new ThroughputBench(lab, lab.guest("web1"), lab.guest("ops1")).measure("one host", table);
    } finally {
      api.change("DELETE", POLICY, "");
    }
  }

  private void measure(String where, BenchTable table) {
    String fabricServer = GuestWires.address(lab, server, false).orElseThrow().getHostAddress();
    Process listener = startServer();
    try {
      plug();
      List<Double> fabric = new ArrayList<>();
      List<Double> plain = new ArrayList<>();
      List<Double> fabricTrips = new ArrayList<>();
      List<Double> plainTrips = new ArrayList<>();
      for (int i = 0; i < RUNS; i++) {
        fabric.add(gigabits(fabricServer));
        plain.add(gigabits(plainServer));
        fabricTrips.add(roundTripMillis(fabricServer));
        plainTrips.add(roundTripMillis(plainServer));
      }
      table.row(
          "TCP, " + where + ": pipeline against NORMAL",
          String.format(
              Locale.ROOT,
              "%.2f against %.2f Gb/s: %.2f",
              median(fabric),
              median(plain),
              median(fabric) / median(plain)),
          "≥ 0.9");
      table.row(
          "ping, " + where + ": pipeline against NORMAL",
          String.format(
              Locale.ROOT, "%.3f against %.3f ms", median(fabricTrips), median(plainTrips)),
          "");
    } finally {
      listener.destroy();
      unplug();
    }
  }

  /** A second interface for both guests, and a bridge of plain learning between them. */
  private void plug() {
    boolean apart = !client.host().equals(server.host());
    for (Guest guest : List.of(client, server)) {
      String address = guest.equals(client) ? plainClient : plainServer;
      String hostSide = "b-" + guest.name();
      Namespace inside = lab.namespace(guest.name());
      Namespace host = lab.namespace(guest.host());
      Command.of(
              "ip",
              "-n",
              host.name(),
              "link",
              "add",
              hostSide,
              "type",
              "veth",
              "peer",
              "name",
              NIC,
              "netns",
              inside.name())
          .succeed();
      Command.of("ethtool", "-K", NIC, "tx", "off").in(inside).succeed();
      host.configure(List.of("link set " + hostSide + " up"));
      inside.configure(
          List.of("link set " + NIC + " mtu 1450 up", "addr add " + address + "/24 dev " + NIC));
      HostSwitch ovs = lab.hostSwitch(guest.host());
      ovs.vsctl(
              "--may-exist",
              "add-br",
              BRIDGE,
              "--",
              "set",
              "bridge",
              BRIDGE,
              "datapath_type=netdev")
          .succeed();
      ovs.vsctl("--may-exist", "add-port", BRIDGE, hostSide).succeed();
      if (apart) {
        String peer = guest.equals(client) ? server.host() : client.host();
        ovs.vsctl(
                "add-port",
                BRIDGE,
                "bench-tun",
                "--",
                "set",
                "interface",
                "bench-tun",
                "type=geneve",
                "options:remote_ip=" + lab.topology().host(peer).orElseThrow().underlay(),
                "options:key=" + PLAIN_KEY)
            .succeed();
      }
    }
  }

  private void unplug() {
    for (Guest guest : List.of(client, server)) {
      lab.hostSwitch(guest.host()).vsctl("--if-exists", "del-br", BRIDGE).run();
      Command.of("ip", "-n", lab.namespace(guest.host()).name(), "link", "del", "b-" + guest.name())
          .run();
    }
  }

  private Process startServer() {
    Namespace inside = lab.namespace(server.name());
    try {
      Process process =
          new ProcessBuilder(inside.prefixed(List.of("iperf3", "-s", "-p", Integer.toString(PORT))))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      Command listening = Command.of("ss", "-Hltn", "sport", "=", ":" + PORT).in(inside);
      Await.until(() -> !listening.run().output().isBlank(), LIMIT);
      return process;
    } catch (java.io.IOException e) {
      throw new LabException("iperf3 cannot be run: " + e.getMessage(), e);
    }
  }

  private double gigabits(String address) {
    String answer =
        Command.of(
                "iperf3",
                "-J",
                "-c",
                address,
                "-p",
                Integer.toString(PORT),
                "-t",
                Integer.toString(SECONDS))
            .in(lab.namespace(client.name()))
            .succeed();
    try {
      JsonNode end = JSON.readTree(answer).path("end");
      return end.path("sum_received").path("bits_per_second").asDouble() / 1e9;
    } catch (JacksonException e) {
      throw new LabException("iperf3 answered no JSON", e);
    }
  }

  private double roundTripMillis(String address) {
    String answer =
        Command.of("ping", "-q", "-n", "-c", "200", "-i", "0.005", address)
            .in(lab.namespace(client.name()))
            .succeed();
    Matcher average = AVERAGE.matcher(answer);
    return average.find() ? Double.parseDouble(average.group(1)) : Double.NaN;
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
