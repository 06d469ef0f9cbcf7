package io.fynbos.policy.decide;

import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.Internet;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.ObjectKey;
import io.fynbos.policy.model.Prefix;
import io.fynbos.policy.model.Universe;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.model.UniverseNumber;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.pcollections.PSortedMap;

/** Puts and deletes of universes. */
final class UniverseEdits {
  /**
   * What no universe can have: this network, loopback, link-local, multicast, and the services'
   * prefix.
   */
  static final List<Prefix> RESERVED =
      List.of(
          Prefix.parse("0.0.0.0/8"),
          Prefix.parse("127.0.0.0/8"),
          Prefix.parse("169.254.0.0/16"),
          Prefix.parse("224.0.0.0/3"),
          Prefix.parse("::/96"),
          Prefix.parse("::ffff:0:0/96"),
          Prefix.parse("fd00:ec2::/64"),
          Prefix.parse("fe80::/10"),
          Prefix.parse("ff00::/8"));

  private UniverseEdits() {}

  static Optional<Refusal> put(Plan plan, List<Universe> universes) {
    for (Universe universe : universes) {
      Optional<Refusal> refusal = reserved(universe);
      if (refusal.isPresent()) {
        return refusal;
      }
      Optional<Universe> before = plan.before().universe(universe.name());
      if (before.equals(Optional.of(universe))) {
        continue;
      }
      Optional<UniverseNumber> number =
          before.isPresent()
              ? Optional.of(plan.before().number(universe.name()))
              : plan.image().lowestFreeUniverseNumber();
      if (number.isEmpty()) {
        int max = UniverseNumber.NUMBER_MAX - UniverseNumber.NUMBER_MIN + 1;
        return Optional.of(
            new Refusal.NumbersExhausted(universe.name(), "numbers of universes", max));
      }
      plan.add(new Change.UniversePut(universe, number.get()));
    }
    return Optional.empty();
  }

  private static Optional<Refusal> reserved(Universe universe) {
    for (Prefix prefix : universe.prefixes()) {
      for (Prefix reserved : RESERVED) {
        if (prefix.overlaps(reserved)) {
          return Optional.of(
              new UniverseRefusal.PrefixReserved(universe.name(), prefix, reserved, "prefixes"));
        }
      }
    }
    return Optional.empty();
  }

  static Optional<Refusal> delete(Plan plan, List<UniverseName> names) {
    for (UniverseName name : names) {
      Image image = plan.image();
      List<ObjectKey> users = new ArrayList<>();
      users.addAll(image.endpointsOf(name));
      users.addAll(image.policiesOf(name));
      users.addAll(image.policiesNaming(name));
      users.addAll(image.groupsOf(name));
      if (!users.isEmpty()) {
        return Optional.of(new UniverseRefusal.UniverseInUse(name, users));
      }
      plan.add(new Change.UniverseDeleted(name));
    }
    return Optional.empty();
  }

  /** What holds only of the state that all edits lead to. */
  static Optional<Refusal> check(Plan plan, List<Universe> universes) {
    for (Universe universe : universes) {
      Optional<Universe> before = plan.before().universe(universe.name());
      if (before.isEmpty()) {
        continue;
      }
      if (!before.get().prefixes().equals(universe.prefixes())) {
        Optional<Refusal> refusal =
            firstOutside(plan.image().addressesOf(universe.name()), universe.prefixes())
                .map(
                    address ->
                        new UniverseRefusal.PrefixInUse(
                            universe.name(), owner(plan, universe, address), address));
        if (refusal.isPresent()) {
          return refusal;
        }
        Optional<Refusal> allowed = AllowedAddresses.leftOut(plan.image(), universe);
        if (allowed.isPresent()) {
          return allowed;
        }
      }
      boolean cutOff =
          before.get().internet() != Internet.NONE && universe.internet() == Internet.NONE;
      if (cutOff) {
        Optional<EndpointRef> user = publicEndpoint(plan.image(), universe.name());
        if (user.isPresent()) {
          return Optional.of(new UniverseRefusal.InternetInUse(universe.name(), user.get()));
        }
      }
    }
    return Optional.empty();
  }

  private static EndpointRef owner(Plan plan, Universe universe, IpAddress address) {
    return plan.image().endpointAt(universe.name(), address).orElseThrow().ref();
  }

  private static Optional<EndpointRef> publicEndpoint(Image image, UniverseName name) {
    return image.publicAddresses().values().stream()
        .filter(ref -> ref.universe().equals(name))
        .min(Comparator.naturalOrder());
  }

  /**
   * The lowest address that is in none of the prefixes, which are sorted and disjoint; skips from
   * prefix to prefix.
   */
  private static Optional<IpAddress> firstOutside(
      PSortedMap<IpAddress, EndpointRef> addresses, List<Prefix> prefixes) {
    PSortedMap<IpAddress, EndpointRef> left = addresses;
    for (Prefix prefix : prefixes) {
      if (left.isEmpty() || left.firstKey().compareTo(prefix.first()) < 0) {
        break;
      }
      left = left.tailMap(prefix.last(), false);
    }
    return left.isEmpty() ? Optional.empty() : Optional.of(left.firstKey());
  }
}
