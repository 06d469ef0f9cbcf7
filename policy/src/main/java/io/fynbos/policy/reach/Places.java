package io.fynbos.policy.reach;

import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.Prefix;
import io.fynbos.policy.model.ServiceAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Spots that are alike, put together for people: one place for each endpoint and each service, one
 * for outside.
 */
final class Places {
  private final Map<Share, Integer> spots = new HashMap<>();
  private final Function<Prefix, List<Prefix>> addressesOf;

  /** What an endpoint has of a family. */
  private record Share(EndpointRef endpoint, boolean v6) {}

  /**
   * @param all every spot that there is
   * @param addressesOf the addresses of an atom outside
   */
  Places(Collection<Spot> all, Function<Prefix, List<Prefix>> addressesOf) {
    this.addressesOf = addressesOf;
    for (Spot spot : all) {
      spot.endpoint().ifPresent(e -> spots.merge(new Share(e, spot.atom().v6()), 1, Integer::sum));
    }
  }

  /** Whose spots they are. */
  private record Owner(Optional<EndpointRef> endpoint, Optional<ServiceAddress> service) {}

  /** The places of spots that are alike, sorted. */
  List<Place> of(Collection<Spot> alike) {
    Map<Owner, List<Spot>> byOwner = new LinkedHashMap<>();
    for (Spot spot : alike) {
      Owner owner = new Owner(spot.endpoint(), spot.service());
      byOwner.computeIfAbsent(owner, any -> new ArrayList<>()).add(spot);
    }
    List<Place> places = new ArrayList<>();
    byOwner.forEach(
        (owner, some) ->
            places.add(
                owner.endpoint.isPresent()
                    ? inside(owner.endpoint.get(), some)
                    : elsewhere(owner.service, some)));
    places.sort(null);
    return List.copyOf(places);
  }

  private Place inside(EndpointRef endpoint, List<Spot> some) {
    List<Prefix> addresses =
        some.stream().flatMap(spot -> spot.addresses().stream()).sorted().toList();
    return new Place(
        Optional.of(endpoint),
        Optional.empty(),
        addresses,
        all(endpoint, some, false) && all(endpoint, some, true));
  }

  /** Whether the spots are all that the endpoint has of the family, or none of it. */
  private boolean all(EndpointRef endpoint, List<Spot> some, boolean v6) {
    long here = some.stream().filter(spot -> spot.atom().v6() == v6).count();
    return here == 0 || here == spots.getOrDefault(new Share(endpoint, v6), 0);
  }

  private Place elsewhere(Optional<ServiceAddress> service, List<Spot> some) {
    boolean rest = some.stream().anyMatch(spot -> spot.atom().length() == 0);
    List<Prefix> addresses =
        some.stream().flatMap(spot -> addressesOf.apply(spot.atom()).stream()).sorted().toList();
    return new Place(Optional.empty(), service, addresses, rest);
  }
}
