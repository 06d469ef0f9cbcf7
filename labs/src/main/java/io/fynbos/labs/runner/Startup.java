package io.fynbos.labs.runner;

import com.fasterxml.jackson.databind.JsonNode;
import io.fynbos.labs.net.Command;
import io.fynbos.labs.net.Machine;
import io.fynbos.labs.net.Namespace;
import io.fynbos.labs.topology.Topology;
import io.fynbos.labs.topology.Topology.DocumentSource;
import io.fynbos.labs.topology.Topology.Guest;
import io.fynbos.labs.topology.Topology.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Brings one lab up: everything that does not wait for something else goes at once. When it
 * returns, every guest whose endpoint exists is attached and the last revision is applied on every
 * host.
 */
public final class Startup {
  private static final List<String> TOOLS =
      List.of(
          "ip",
          "ethtool",
          "setsid",
          "socat",
          "ovs-vswitchd",
          "ovsdb-server",
          "ovsdb-tool",
          "ovs-vsctl",
          "ovs-ofctl",
          "ovs-appctl");
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration WHOLE_LIMIT = Duration.ofMinutes(2);
  private static final int LOG_LINES = 12;

  private final Lab lab;
  private final Progress progress;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          action -> {
            Thread thread = new Thread(action, "startup");
            thread.setDaemon(true);
            return thread;
          });

  private Startup(Lab lab, Progress progress) {
    this.lab = lab;
    this.progress = progress;
  }

  /**
   * Brings it up.
   *
   * @throws LabException when it is up already, or cannot be brought up
   */
  public static Lab up(Topology topology, Progress progress) {
    checkMachine();
    LabDirectory records = new LabDirectory(topology.name());
    Lab lab = new Lab(topology, records);
    return records.locked(
        held -> {
          whileLocked(lab, progress, Startup::all);
          return lab;
        },
        progress::done);
  }

  /**
   * Brings up what a lab consists of besides the product: namespaces, wires, and an Open vSwitch on
   * each host. Guests are not plugged in.
   *
   * @throws LabException when it is up already, or cannot be brought up
   */
  public static Lab bare(Topology topology, Progress progress) {
    checkMachine();
    LabDirectory records = new LabDirectory(topology.name());
    Lab lab = new Lab(topology, records);
    return records.locked(
        held -> {
          whileLocked(lab, progress, Startup::withoutProduct);
          return lab;
        },
        progress::done);
  }

  private static void whileLocked(Lab lab, Progress progress, Consumer<Startup> steps) {
    String name = lab.topology().name();
    if (lab.records().up() && alive(lab.records())) {
      throw new LabException(
          "lab %s is up already; take it down first: fynbos lab down %s".formatted(name, name));
    }
    checkNames(lab);
    if (Removal.whileLocked(lab.records())) {
      progress.done("took away what an earlier run had left");
    }
    Startup startup = new Startup(lab, progress);
    try {
      steps.accept(startup);
    } catch (LabException | ControllerApi.ControllerGone | Command.Failed e) {
      throw new LabException(
          "%s%nWhat came up is left for a look. Take it away: fynbos lab down %s"
              .formatted(e.getMessage(), name),
          e);
    } finally {
      startup.threads.shutdownNow();
    }
  }

  private static void checkMachine() {
    if (!Machine.runByRoot()) {
      throw new LabException("a lab makes network namespaces, which needs root; run it with sudo");
    }
    List<String> missing = Machine.missing(TOOLS);
    if (!missing.isEmpty()) {
      throw new LabException(
          "missing on this machine: %s; install them: sudo ./fynbos setup"
              .formatted(String.join(", ", missing)));
    }
  }

  private static boolean alive(LabDirectory records) {
    return records.processes().stream().anyMatch(ProcessRecord::running)
        && records.namespaces().stream().allMatch(Namespace::exists);
  }

  /** Two labs whose names and nodes together give one namespace would fight over it. */
  private static void checkNames(Lab lab) {
    Set<Namespace> wanted = new TreeSet<>(lab.wiring().namespaces());
    for (LabDirectory other : LabDirectory.all()) {
      other.namespaces().stream()
          .filter(each -> !other.lab().equals(lab.topology().name()) && wanted.contains(each))
          .findFirst()
          .ifPresent(
              taken -> {
                throw new LabException(
                    "lab %s has the namespace %s that this lab needs; rename one of the two"
                        .formatted(other.lab(), taken.name()));
              });
    }
  }

  private void all() {
    Topology topology = lab.topology();
    lab.records().create(topology, lab.wiring().namespaces());
    lab.wiring().build();
    progress.done("%d namespaces and their wires".formatted(lab.wiring().namespaces().size()));
    lab.startController();
    try (ControllerApi api = lab.api()) {
      CompletableFuture<Long> applied = begin(() -> applyDocuments(api));
      Map<String, CompletableFuture<Boolean>> bridges = new LinkedHashMap<>();
      for (Host host : topology.hosts()) {
        bridges.put(host.name(), begin(() -> startHost(host)));
      }
      List<CompletableFuture<Boolean>> rest = new ArrayList<>();
      for (Guest guest : topology.guests()) {
        CompletableFuture<Boolean> bridge =
            bridges.getOrDefault(guest.host(), CompletableFuture.completedFuture(false));
        rest.add(applied.thenCombineAsync(bridge, (a, b) -> plug(guest, api), threads));
        rest.add(begin(() -> serve(guest)));
      }
      bridges.values().forEach(this::finish);
      finish(applied);
      rest.forEach(this::finish);
      progress.done("%d guests at their ports".formatted(topology.guests().size()));
      awaitEverythingApplied(api);
      topology.guests().forEach(lab::awaitAddresses);
    }
    lab.records().markUp();
    progress.done("every host has applied the documents");
  }

  private void withoutProduct() {
    lab.records().create(lab.topology(), lab.wiring().namespaces());
    lab.wiring().build();
    List<CompletableFuture<Boolean>> switches = new ArrayList<>();
    for (Host host : lab.topology().hosts()) {
      switches.add(
          begin(
              () -> {
                lab.hostSwitch(host.name()).create();
                return true;
              }));
    }
    switches.forEach(this::finish);
    lab.records().markUp();
  }

  private <T> CompletableFuture<T> begin(java.util.function.Supplier<T> task) {
    return CompletableFuture.supplyAsync(task, threads);
  }

  private <T> void finish(CompletableFuture<T> task) {
    try {
      task.orTimeout(WHOLE_LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof TimeoutException) {
        throw new LabException(
            "not done after %d s; logs: %s"
                .formatted(WHOLE_LIMIT.toSeconds(), lab.records().logs()));
      }
      if (e.getCause() instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      throw e;
    }
  }

  private boolean serve(Guest guest) {
    lab.ports().serve(guest);
    return true;
  }

  private boolean startHost(Host host) {
    HostSwitch hostSwitch = lab.hostSwitch(host.name());
    hostSwitch.create();
    lab.startAgent(host.name());
    await("br-int on " + host.name(), host.name(), JavaDaemon.AGENT, hostSwitch::hasBridge);
    progress.done("Open vSwitch and agent of " + host.name());
    return true;
  }

  private long applyDocuments(ControllerApi api) {
    await("the controller's API", Topology.CONTROLLER, JavaDaemon.CONTROLLER, api::answers);
    progress.done("controller");
    if (lab.topology().documents().isEmpty()) {
      return 0;
    }
    String all =
        lab.topology().documents().stream()
            .map(DocumentSource::json)
            .map(array -> array.substring(1, array.length() - 1))
            .collect(Collectors.joining(",", "[", "]"));
    return api.apply(all);
  }

  /** A guest whose endpoint is not there yet gets its port all the same, and waits, blocked. */
  private boolean plug(Guest guest, ControllerApi api) {
    HostSwitch hostSwitch = lab.hostSwitch(guest.host());
    GuestPorts.Known.of(api, guest)
        .ifPresent(endpoint -> lab.ports().configure(guest, endpoint, hostSwitch));
    lab.ports().plug(guest, hostSwitch);
    return true;
  }

  private void awaitEverythingApplied(ControllerApi api) {
    List<String> wanted =
        lab.topology().guests().stream().filter(lab::configured).map(Guest::endpointText).toList();
    List<String> missing = new ArrayList<>(wanted);
    boolean bound =
        Await.until(
            () -> {
              missing.removeAll(attachedEndpoints(api));
              return missing.isEmpty();
            },
            LIMIT);
    if (!bound) {
      throw new LabException(
          "the controller has not seen these endpoints attached: %s; the agents' logs: %s"
              .formatted(String.join(", ", missing), lab.records().logs()));
    }
    long revision = api.latestRevision();
    JsonNode report = api.awaitApplied(revision, LIMIT);
    if (!report.path("applied").asBoolean()) {
      throw new LabException(
          "revision %d is not applied everywhere: %s; logs: %s"
              .formatted(revision, report, lab.records().logs()));
    }
  }

  private static List<String> attachedEndpoints(ControllerApi api) {
    return api.collection("/v1/bindings").stream()
        .filter(binding -> binding.path("state").asText().equals("attached"))
        .map(binding -> binding.path("endpoint").asText())
        .toList();
  }

  private void await(String what, String node, String process, BooleanSupplier condition) {
    BooleanSupplier ended =
        () -> lab.process(node, process).filter(ProcessRecord::running).isEmpty();
    boolean there = Await.until(() -> condition.getAsBoolean() || ended.getAsBoolean(), LIMIT);
    if (!there || ended.getAsBoolean()) {
      throw new LabException(
          "%s: %s; the end of its log:%n%s"
              .formatted(
                  what,
                  there ? "the process ended" : "not there after " + LIMIT.toSeconds() + " s",
                  logEnd(node, process)));
    }
  }

  private String logEnd(String node, String process) {
    Path log = lab.records().logs().resolve(node + "." + process + ".log");
    try {
      List<String> lines = Files.readAllLines(log);
      return lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()).stream()
          .map(line -> "  " + line)
          .collect(Collectors.joining("\n"));
    } catch (IOException none) {
      return "  (no log)";
    }
  }
}
