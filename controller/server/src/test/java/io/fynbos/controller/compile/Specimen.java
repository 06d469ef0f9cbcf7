package io.fynbos.controller.compile;

import static io.fynbos.controller.compile.Fabric.audited;
import static io.fynbos.controller.compile.Fabric.fabricWide;
import static io.fynbos.controller.compile.Fabric.group;
import static io.fynbos.controller.compile.Fabric.icmp;
import static io.fynbos.controller.compile.Fabric.in;
import static io.fynbos.controller.compile.Fabric.logged;
import static io.fynbos.controller.compile.Fabric.out;
import static io.fynbos.controller.compile.Fabric.peers;
import static io.fynbos.controller.compile.Fabric.policy;
import static io.fynbos.controller.compile.Fabric.sctp;
import static io.fynbos.controller.compile.Fabric.tcp;
import static io.fynbos.controller.compile.Fabric.udp;

import io.fynbos.policy.image.Change;
import io.fynbos.policy.model.Action;
import io.fynbos.policy.model.AppliesTo;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Service;
import io.fynbos.policy.model.Tier;
import io.fynbos.policy.model.UniverseName;
import java.util.List;
import java.util.OptionalInt;

/**
 * An image that has one of everything: two hosts, two universes with the same prefixes in both
 * families, every tier and action, prefixes with exceptions, port ranges, ICMP types, SCTP, rules
 * that log, one that is only tried out, addresses that are allowed and claimed.
 */
public final class Specimen {
  public static final HostName H1 = new HostName("h1");
  public static final HostName H2 = new HostName("h2");

  private Specimen() {}

  public static Fabric fabric() {
    Fabric fabric = places();
    fabric
        .policy(
            policy(
                "blue/db-in",
                Tier.UNIVERSE,
                1000,
                List.of("blue/db"),
                in(Action.ALLOW, peers("blue/web"), tcp("5432"), udp("8000-8010")),
                in(Action.REJECT, peers("10.0.1.0/24 - 10.0.1.128/25", "fd00:7::/64"), tcp()),
                in(Action.DENY, List.of(), icmp(false, 13))))
        .policy(
            policy(
                "blue/ping",
                Tier.UNIVERSE,
                1000,
                List.of(),
                in(Action.ALLOW, List.of(), icmp(false, 8), icmp(true, 128)),
                in(
                    Action.ALLOW,
                    peers("blue/web", "blue/db"),
                    new Service.Icmp(Service.ICMP, OptionalInt.empty(), OptionalInt.empty()))))
        .policy(
            policy(
                "red/signal",
                Tier.UNIVERSE,
                500,
                List.of("red/core"),
                in(Action.ALLOW, peers("red/edge"), sctp("3868"), new Service.Other(47)),
                out(Action.DENY, peers("0.0.0.0/0", "::/0"), tcp("25"))))
        .policy(
            policy("blue/last", Tier.DEFAULT, 15999, List.of(), out(Action.DENY, peers("blue/db"))))
        .policy(
            fabricWide(
                "no-telnet",
                Tier.GUARDRAIL,
                0,
                AppliesTo.ALL,
                in(Action.DENY, List.of(), tcp("23"))))
        .policy(
            fabricWide(
                "operators",
                Tier.GUARDRAIL,
                10,
                new AppliesTo(List.of(), List.of(group("blue/db"), group("red/core"))),
                in(Action.PASS, peers("10.0.1.10/32"), tcp("22")),
                in(Action.DENY, List.of(), tcp("22"))))
        .policy(
            fabricWide(
                "blue-only",
                Tier.GUARDRAIL,
                20,
                new AppliesTo(List.of(new UniverseName("blue")), List.of()),
                out(Action.REJECT, peers("192.0.2.0/24"))))
        .policy(
            logged(
                policy(
                    "blue/watched",
                    Tier.UNIVERSE,
                    900,
                    List.of("blue/web"),
                    in(Action.ALLOW, peers("blue/db"), tcp("9100")))))
        .policy(
            audited(
                logged(
                    policy(
                        "red/trial",
                        Tier.UNIVERSE,
                        400,
                        List.of("red/core"),
                        out(Action.DENY, peers("red/edge"), udp("53"))))));
    return addresses(fabric);
  }

  /** Logs what red denies, and lets blue's web servers share addresses and have one a range. */
  private static Fabric addresses(Fabric fabric) {
    return fabric
        .logDenied("red")
        .allow("blue/web1", "10.0.1.100", "fd00:7::100", "10.0.8.0/24")
        .allow("blue/web2", "10.0.1.100", "fd00:7::100")
        .apply(
            new Change.AddressClaimed(
                new UniverseName("blue"),
                IpAddress.parse("fd00:7::100"),
                Fabric.endpoint("blue/web2")));
  }

  /** The hosts, universes and endpoints alone. */
  public static Fabric places() {
    return new Fabric()
        .host("h1", "172.31.0.1")
        .host("h2", "172.31.0.2")
        .universe("blue", "10.0.0.0/16", "fd00:7::/64")
        .universe("red", Action.DENY, Action.DENY, true, "10.0.0.0/16", "fd00:7::/64")
        .groups("blue", "web", "db")
        .groups("red", "core", "edge")
        .endpoint("blue/web1", "web", "10.0.1.10", "fd00:7::10")
        .endpoint("blue/web2", "web", "10.0.1.11", "fd00:7::11")
        .endpoint("blue/db1", "db", "10.0.1.20", "fd00:7::20")
        .endpoint("blue/both", "db web", "10.0.1.30")
        .endpoint("blue/none", "", "10.0.1.40")
        .endpoint("red/core1", "core", "10.0.1.10", "fd00:7::10")
        .endpoint("red/edge1", "edge", "10.0.1.20")
        .bind("blue/web1", "h1", 1)
        .bind("blue/db1", "h2", 1)
        .bind("blue/web2", "h2", 2)
        .bind("blue/both", "h1", 2)
        .bind("blue/none", "h1", 4)
        .bind("red/core1", "h1", 3)
        .bind("red/edge1", "h2", 3);
  }
}
