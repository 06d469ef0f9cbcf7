package io.fynbos.labs.check;

import io.fynbos.labs.net.Segment;
import io.fynbos.labs.runner.ControllerApi;
import io.fynbos.labs.runner.Lab;
import io.fynbos.labs.runner.LabException;
import io.fynbos.labs.topology.Topology.Guest;
import io.fynbos.labs.traffic.GuestWires;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Sends every service worth sending from every guest to every other guest's addresses, within and
 * across universes, in both families, and compares with the oracle.
 */
public final class Check {
  private static final int SOURCE_PORT_MIN = 33_000;
  private static final int SOURCE_PORTS = 27_000;

  private final Lab lab;
  private final List<Guest> guests;
  private final Intent intent;
  private final SortedSet<ProbeService> services;
  private int nextPort = ThreadLocalRandom.current().nextInt(SOURCE_PORTS);

  private Check(Lab lab, List<Guest> guests, Intent intent, SortedSet<ProbeService> services) {
    this.lab = lab;
    this.guests = guests;
    this.intent = intent;
    this.services = services;
  }

  /** Checks the guests that have an endpoint and are plugged in, as the documents stand now. */
  public static CheckReport of(Lab lab) {
    try (ControllerApi api = lab.api()) {
      lab.refresh();
      List<Guest> guests =
          lab.topology().guests().stream()
              .filter(guest -> lab.configured(guest) && lab.attached(guest))
              .toList();
      if (guests.size() < 2) {
        throw new LabException(
            "nothing to check: fewer than two guests have an endpoint and are attached");
      }
      Intent intent = Intent.from(api);
      SortedSet<ProbeService> services = MentionedServices.of(intent.policies());
      return new Check(lab, guests, intent, services).run();
    }
  }

  private CheckReport run() {
    long began = System.nanoTime();
    try (GuestWires wires = new GuestWires(lab, guests)) {
      Volley volley = new Volley(wires);
      List<Outcome> outcomes = volley.fire(probes(), this::withNewPort);
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      return new CheckReport(guests, services, outcomes, took);
    }
  }

  private List<Probe> probes() {
    List<Probe> probes = new ArrayList<>();
    for (boolean v6 : new boolean[] {false, true}) {
      for (Guest sender : guests) {
        Optional<InetAddress> source = GuestWires.address(lab, sender, v6);
        if (source.isPresent()) {
          for (InetAddress destination : destinations(sender, v6)) {
            add(probes, sender, source.get(), destination);
          }
        }
        for (InetAddress allowed : allowed(sender, v6)) {
          own(sender, v6).forEach(destination -> add(probes, sender, allowed, destination));
        }
      }
    }
    return probes;
  }

  private List<InetAddress> allowed(Guest guest, boolean v6) {
    return intent.allowedAlone(guest).stream().filter(each -> v6(each) == v6).toList();
  }

  /** Every address of every guest, except what means the sender itself. */
  private Set<InetAddress> destinations(Guest sender, boolean v6) {
    Set<InetAddress> all = own(sender, v6);
    Set<InetAddress> own = addresses(sender);
    guests.forEach(guest -> all.addAll(allowed(guest, v6)));
    all.removeIf(address -> own.contains(address) || allowed(sender, v6).contains(address));
    return all;
  }

  /** The addresses that guests have configured, except those that the sender has, too. */
  private Set<InetAddress> own(Guest sender, boolean v6) {
    Set<InetAddress> all = new LinkedHashSet<>();
    guests.forEach(guest -> all.addAll(addresses(guest)));
    Set<InetAddress> own = addresses(sender);
    all.removeIf(address -> v6(address) != v6 || own.contains(address));
    return all;
  }

  private Set<InetAddress> addresses(Guest guest) {
    Set<InetAddress> addresses = new LinkedHashSet<>();
    lab.addresses(guest).forEach(literal -> addresses.add(GuestWires.address(literal)));
    return addresses;
  }

  private static boolean v6(InetAddress address) {
    return address.getAddress().length == 16;
  }

  private void add(List<Probe> probes, Guest sender, InetAddress source, InetAddress destination) {
    boolean v6 = v6(destination);
    Optional<Guest> receiver =
        guests.stream()
            .filter(guest -> guest.universe().equals(sender.universe()))
            .filter(
                guest ->
                    addresses(guest).contains(destination)
                        || intent.allowedAlone(guest).contains(destination))
            .findFirst();
    boolean answering =
        receiver.filter(guest -> addresses(guest).contains(destination)).isPresent();
    for (ProbeService service : services) {
      if (!service.fits(v6)) {
        continue;
      }
      int port = sourcePort();
      Fate fate =
          receiver
              .map(to -> intent.fate(sender, source, to, destination, service, port))
              .orElse(Fate.VANISHES);
      boolean other =
          receiver
              .map(to -> intent.fate(to, destination, sender, source, service, port))
              .filter(Fate.ARRIVES::equals)
              .isPresent();
      if (!service.sameBothWays() || fate == Fate.ARRIVES || (!other && first(sender, receiver))) {
        probes.add(
            new Probe(sender, source, destination, receiver, service, port, fate, answering));
      }
    }
  }

  /**
   * Without ports, what goes one way cannot be told from an answer to what went the other way: of a
   * pair that may talk in neither, only one tries.
   */
  private static boolean first(Guest sender, Optional<Guest> receiver) {
    return receiver.filter(to -> to.name().compareTo(sender.name()) < 0).isEmpty();
  }

  /** SCTP has no connections to tell apart. */
  private Probe withNewPort(Probe probe) {
    return probe.service().protocol() == Segment.SCTP ? probe : probe.from(sourcePort());
  }

  private int sourcePort() {
    nextPort = (nextPort + 1) % SOURCE_PORTS;
    return SOURCE_PORT_MIN + nextPort;
  }
}
