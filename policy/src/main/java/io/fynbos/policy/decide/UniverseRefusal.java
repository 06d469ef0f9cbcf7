package io.fynbos.policy.decide;

import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.ObjectKey;
import io.fynbos.policy.model.Prefix;
import io.fynbos.policy.model.UniverseName;
import java.util.Collection;
import java.util.Optional;

/** Why a universe or a group is not changed or deleted. */
public sealed interface UniverseRefusal extends Refusal.OfObject {
  /** A group that goes still has members, or policies that name it. */
  record GroupInUse(GroupRef key, Collection<? extends ObjectKey> users)
      implements UniverseRefusal {
    @Override
    public String type() {
      return "group-in-use";
    }

    @Override
    public String message() {
      return ("group %s is still used by %s; " + "change or delete them first, or in the same call")
          .formatted(key, Listing.sentences(users));
    }
  }

  /** A universe that goes still has something in it, or a policy that names it. */
  record UniverseInUse(UniverseName key, Collection<? extends ObjectKey> users)
      implements UniverseRefusal {
    @Override
    public String type() {
      return "universe-in-use";
    }

    @Override
    public String message() {
      return ("universe %s is still used by %s; " + "delete them first, or in the same call")
          .formatted(key, Listing.sentences(users));
    }
  }

  /** New prefixes of a universe would leave an endpoint's address outside. */
  record PrefixInUse(UniverseName key, EndpointRef endpoint, IpAddress address)
      implements UniverseRefusal {
    @Override
    public String type() {
      return "prefix-in-use";
    }

    @Override
    public Optional<String> field() {
      return Optional.of("prefixes");
    }

    @Override
    public String message() {
      return ("endpoint %s has address %s, which the new prefixes of universe %s leave out; "
              + "keep its prefix, or move or delete the endpoint in the same call")
          .formatted(endpoint, address, key);
    }
  }

  /** New prefixes of a universe would leave addresses outside that an endpoint is allowed. */
  record AllowedInUse(UniverseName key, EndpointRef endpoint, Prefix allowed)
      implements UniverseRefusal {
    @Override
    public String type() {
      return "prefix-in-use";
    }

    @Override
    public Optional<String> field() {
      return Optional.of("prefixes");
    }

    @Override
    public String message() {
      return ("endpoint %s is allowed %s, which the new prefixes of universe %s leave out; "
              + "keep its prefix, or change the endpoint in the same call")
          .formatted(endpoint, allowed.shortText(), key);
    }
  }

  /** Addresses of a prefix mean something else to guests and switches. */
  record PrefixReserved(UniverseName key, Prefix prefix, Prefix reserved, String path)
      implements UniverseRefusal, Refusal.AtPath, Refusal.Unprocessable {
    @Override
    public String type() {
      return "prefix-reserved";
    }

    @Override
    public String message() {
      return "prefix %s of universe %s overlaps %s, which is reserved; choose another"
          .formatted(prefix, key, reserved);
    }
  }

  /** A universe gives up the internet while an endpoint has public addresses. */
  record InternetInUse(UniverseName key, EndpointRef endpoint) implements UniverseRefusal {
    @Override
    public String type() {
      return "internet-in-use";
    }

    @Override
    public Optional<String> field() {
      return Optional.of("internet");
    }

    @Override
    public String message() {
      return ("endpoint %s has public addresses, for which universe %s needs internet: shared; "
              + "take them away first, or in the same call")
          .formatted(endpoint, key);
    }
  }
}
