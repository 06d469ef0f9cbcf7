package io.fynbos.policy.decide;

import io.fynbos.policy.model.Binding;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.PoolName;
import io.fynbos.policy.model.Prefix;
import java.util.Optional;
import java.util.UUID;

/** Why a pool or a host is not put, or an interface of a host not bound. */
public sealed interface FabricRefusal extends Refusal.OfObject {
  /** Two pools would have the same addresses. */
  record PoolOverlaps(PoolName key, Prefix prefix, PoolName other, Prefix overlapping)
      implements FabricRefusal {
    @Override
    public String type() {
      return "pool-overlaps";
    }

    @Override
    public Optional<String> field() {
      return Optional.of("prefixes");
    }

    @Override
    public String message() {
      return "prefix %s of pool %s overlaps %s of pool %s; an address belongs to one pool"
          .formatted(prefix, key, overlapping, other);
    }
  }

  /** A pool would no longer offer an address that an endpoint has. */
  record PoolInUse(PoolName key, IpAddress address, EndpointRef endpoint) implements FabricRefusal {
    @Override
    public String type() {
      return "pool-in-use";
    }

    @Override
    public String message() {
      return ("endpoint %s has public address %s out of pool %s; "
              + "take it away first, or in the same call")
          .formatted(endpoint, address, key);
    }
  }

  /** Another host has the underlay address. */
  record UnderlayTaken(HostName key, IpAddress underlay, HostName owner) implements FabricRefusal {
    @Override
    public String type() {
      return "underlay-taken";
    }

    @Override
    public Optional<String> field() {
      return Optional.of("underlay");
    }

    @Override
    public String message() {
      return ("host %s cannot have underlay address %s, which host %s has; "
              + "give each host its own, or delete the other host first")
          .formatted(key, underlay, owner);
    }
  }

  /** Tunnels run over IPv4 for now. */
  record UnderlayNotIpv4(HostName key, IpAddress underlay)
      implements FabricRefusal, Refusal.Unprocessable {
    @Override
    public String type() {
      return "underlay-not-ipv4";
    }

    @Override
    public Optional<String> field() {
      return Optional.of("underlay");
    }

    @Override
    public String message() {
      return ("host %s has underlay address %s, and tunnels run over IPv4 only for now; "
              + "give it an IPv4 address")
          .formatted(key, underlay);
    }
  }

  /** The underlay address is not one that a host can have. */
  record UnderlayUnusable(HostName key, IpAddress underlay)
      implements FabricRefusal, Refusal.Unprocessable {
    @Override
    public String type() {
      return "underlay-unusable";
    }

    @Override
    public Optional<String> field() {
      return Optional.of("underlay");
    }

    @Override
    public String message() {
      return "%2$s is not an address that host %1$s can have; give its own unicast address"
          .formatted(key, underlay);
    }
  }

  /** Another host has the datapath id. */
  record DatapathTaken(HostName key, long datapathId, HostName owner) implements FabricRefusal {
    @Override
    public String type() {
      return "datapath-taken";
    }

    @Override
    public Optional<String> field() {
      return Optional.of("datapathId");
    }

    @Override
    public String message() {
      return ("host %s cannot have datapath id %016x, which host %s has; "
              + "give each bridge its own, or delete the other host first")
          .formatted(key, datapathId, owner);
    }
  }

  /** The port is none that an interface can have. */
  record PortUnusable(HostName key, int ofport) implements FabricRefusal, Refusal.Unprocessable {
    @Override
    public String type() {
      return "port-unusable";
    }

    @Override
    public Optional<String> field() {
      return Optional.of("ofport");
    }

    @Override
    public String message() {
      return "port %d of host %s is none that an interface can have; it is %d to %d"
          .formatted(ofport, key, Binding.OFPORT_MIN, Binding.OFPORT_MAX);
    }
  }

  /** No endpoint has the id of an interface. */
  record UnknownEndpoint(HostName key, UUID id) implements FabricRefusal {
    @Override
    public String type() {
      return "unknown-endpoint";
    }

    @Override
    public int status() {
      return 404;
    }

    @Override
    public String message() {
      return "there is no endpoint with id %s to bind on host %s; create it first"
          .formatted(id, key);
    }
  }
}
