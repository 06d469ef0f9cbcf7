package io.fynbos.policy.decide;

import io.fynbos.policy.model.Binding;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Mac;
import io.fynbos.policy.model.Prefix;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Why an endpoint is not put or bound. */
public sealed interface EndpointRefusal extends Refusal.OfObject {
  @Override
  EndpointRef key();

  /** Another endpoint of the universe has the address. */
  record AddressTaken(EndpointRef key, IpAddress address, EndpointRef owner, String path)
      implements EndpointRefusal, Refusal.AtPath {
    @Override
    public String type() {
      return "address-taken";
    }

    @Override
    public String message() {
      return ("endpoint %s cannot have address %s, which endpoint %s has; "
              + "choose another, or leave addresses out to have some assigned")
          .formatted(key, address, owner);
    }
  }

  /** The address is in none of the universe's prefixes. */
  record AddressOutside(EndpointRef key, IpAddress address, List<Prefix> prefixes, String path)
      implements EndpointRefusal, Refusal.AtPath, Refusal.Unprocessable {
    @Override
    public String type() {
      return "address-outside";
    }

    @Override
    public String message() {
      return ("endpoint %s cannot have address %s: the prefixes of its universe are %s; "
              + "choose an address in one of them")
          .formatted(key, address, Listing.of(prefixes));
    }
  }

  /** Another endpoint is allowed the address besides its own. */
  record AddressAllowed(EndpointRef key, IpAddress address, EndpointRef other)
      implements EndpointRefusal {
    @Override
    public String type() {
      return "address-allowed";
    }

    @Override
    public Optional<String> field() {
      return Optional.of("addresses");
    }

    @Override
    public String message() {
      return ("endpoint %s cannot have address %s, which endpoint %s has among its "
              + "allowedAddresses; choose another, or take it from there in the same call")
          .formatted(key, address, other);
    }
  }

  /** Allowed addresses are in none of the universe's prefixes. */
  record AllowedOutside(EndpointRef key, Prefix allowed, List<Prefix> prefixes)
      implements EndpointRefusal, Refusal.Unprocessable {
    @Override
    public String type() {
      return "address-outside";
    }

    @Override
    public Optional<String> field() {
      return Optional.of("allowedAddresses");
    }

    @Override
    public String message() {
      return ("endpoint %s cannot be allowed %s: the prefixes of its universe are %s; "
              + "allow what is inside one of them")
          .formatted(key, allowed.shortText(), Listing.of(prefixes));
    }
  }

  /** Allowed addresses hold an address that another endpoint has as its own. */
  record AllowedTaken(EndpointRef key, Prefix allowed, EndpointRef owner)
      implements EndpointRefusal {
    @Override
    public String type() {
      return "address-taken";
    }

    @Override
    public Optional<String> field() {
      return Optional.of("allowedAddresses");
    }

    @Override
    public String message() {
      return ("endpoint %s cannot be allowed %s, where endpoint %s has an address of its own; "
              + "allow what nobody has")
          .formatted(key, allowed.shortText(), owner);
    }
  }

  /** Another endpoint is allowed some of a range; only single addresses are shared. */
  record AllowedShared(EndpointRef key, Prefix allowed, EndpointRef other)
      implements EndpointRefusal {
    @Override
    public String type() {
      return "allowed-shared";
    }

    @Override
    public Optional<String> field() {
      return Optional.of("allowedAddresses");
    }

    @Override
    public String message() {
      return ("endpoint %s cannot be allowed %s, some of which endpoint %s is allowed; "
              + "endpoints share single addresses only, so give each its own range")
          .formatted(key, allowed.shortText(), other);
    }
  }

  /** A claim for an address that the endpoint is not allowed. */
  record AddressNotAllowed(EndpointRef key, IpAddress address) implements EndpointRefusal {
    @Override
    public String type() {
      return "address-not-allowed";
    }

    @Override
    public String message() {
      return ("endpoint %s claims %s, which it is not allowed; "
              + "put the address into its allowedAddresses")
          .formatted(key, address);
    }
  }

  /** A claim from a host where the endpoint is not attached. */
  record ClaimedFromAfar(EndpointRef key, IpAddress address, HostName host)
      implements EndpointRefusal {
    @Override
    public String type() {
      return "not-bound-here";
    }

    @Override
    public String message() {
      return ("host %s cannot claim %s for endpoint %s, which is not attached there; "
              + "report its binding first")
          .formatted(host, address, key);
    }
  }

  /** Every address of the universe's prefixes of a family is taken. */
  record AddressesExhausted(EndpointRef key, List<Prefix> prefixes) implements EndpointRefusal {
    @Override
    public String type() {
      return "addresses-exhausted";
    }

    @Override
    public Optional<String> field() {
      return Optional.of("addresses");
    }

    @Override
    public String message() {
      return "no address is left for endpoint %s in %s; add a prefix to the universe"
          .formatted(key, Listing.of(prefixes));
    }
  }

  /** Another endpoint of the universe has the MAC. */
  record MacTaken(EndpointRef key, Mac mac, EndpointRef owner) implements EndpointRefusal {
    @Override
    public String type() {
      return "mac-taken";
    }

    @Override
    public Optional<String> field() {
      return Optional.of("mac");
    }

    @Override
    public String message() {
      return ("endpoint %s cannot have MAC %s, which endpoint %s has; "
              + "choose another, or leave it out to have one assigned")
          .formatted(key, mac, owner);
    }
  }

  /** The MAC is the router's. */
  record MacReserved(EndpointRef key, Mac mac) implements EndpointRefusal, Refusal.Unprocessable {
    @Override
    public String type() {
      return "mac-reserved";
    }

    @Override
    public Optional<String> field() {
      return Optional.of("mac");
    }

    @Override
    public String message() {
      return ("endpoint %s cannot have MAC %s, which is the router's; "
              + "choose another, or leave it out to have one assigned")
          .formatted(key, mac);
    }
  }

  /** Another endpoint of the fabric has the id. */
  record IdTaken(EndpointRef key, UUID id, EndpointRef owner) implements EndpointRefusal {
    @Override
    public String type() {
      return "id-taken";
    }

    @Override
    public Optional<String> field() {
      return Optional.of("id");
    }

    @Override
    public String message() {
      return ("endpoint %s cannot have id %s, which endpoint %s has; "
              + "choose another, or leave it out to have one assigned")
          .formatted(key, id, owner);
    }
  }

  /** Another endpoint of the fabric has the public address. */
  record PublicAddressTaken(EndpointRef key, IpAddress address, EndpointRef owner, String path)
      implements EndpointRefusal, Refusal.AtPath {
    @Override
    public String type() {
      return "public-address-taken";
    }

    @Override
    public String message() {
      return "endpoint %s cannot have public address %s, which endpoint %s has; choose another"
          .formatted(key, address, owner);
    }
  }

  /** No pool has the public address to give. */
  record PublicAddressOutside(EndpointRef key, IpAddress address, String path)
      implements EndpointRefusal, Refusal.AtPath, Refusal.Unprocessable {
    @Override
    public String type() {
      return "public-address-outside";
    }

    @Override
    public String message() {
      return ("endpoint %s cannot have public address %s, which no pool offers; "
              + "choose one inside a pool's prefixes and outside its shared ones")
          .formatted(key, address);
    }
  }

  /** Public addresses need a universe that reaches the internet. */
  record NeedsInternet(EndpointRef key) implements EndpointRefusal, Refusal.Unprocessable {
    @Override
    public String type() {
      return "needs-internet";
    }

    @Override
    public Optional<String> field() {
      return Optional.of("publicAddresses");
    }

    @Override
    public String message() {
      return "endpoint %s has public addresses, for which its universe needs internet: shared"
          .formatted(key);
    }
  }

  /** A public address stands for an address that the endpoint does not have. */
  record PrivateAddressMissing(EndpointRef key, IpAddress address, String path)
      implements EndpointRefusal, Refusal.AtPath, Refusal.Unprocessable {
    @Override
    public String type() {
      return "private-address-missing";
    }

    @Override
    public String message() {
      return "%2$s is not an address of endpoint %1$s; give a public address to one of its own addresses"
          .formatted(key, address);
    }
  }

  /** The endpoint is attached already; the first binding stays. */
  record BoundElsewhere(EndpointRef key, Binding binding) implements EndpointRefusal {
    @Override
    public String type() {
      return "endpoint-bound";
    }

    @Override
    public String message() {
      return "endpoint %s is bound to port %d of host %s; end that binding first"
          .formatted(key, binding.ofport(), binding.host());
    }
  }

  /** The port has another endpoint. */
  record PortTaken(EndpointRef key, HostName host, int ofport, EndpointRef owner)
      implements EndpointRefusal {
    @Override
    public String type() {
      return "port-taken";
    }

    @Override
    public String message() {
      return "endpoint %s cannot be bound to port %d of host %s, which endpoint %s has; end that binding first"
          .formatted(key, ofport, host, owner);
    }
  }

  /** The interface has another MAC than the endpoint. */
  record MacDiffers(EndpointRef key, Mac mac, Mac found) implements EndpointRefusal {
    @Override
    public String type() {
      return "mac-differs";
    }

    @Override
    public String message() {
      return "endpoint %s has MAC %s and the interface has %s; make them equal"
          .formatted(key, mac, found);
    }
  }
}
