package io.fynbos.policy.reach;

import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.Prefix;
import io.fynbos.policy.model.ServiceAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One end of a way: an endpoint, one of the fabric's services, or some addresses outside.
 *
 * @param endpoint the endpoint, if it is one
 * @param service the service, if it is one
 * @param addresses those of its addresses that it is about, as the fewest prefixes, sorted
 * @param whole whether these are all of the endpoint's addresses of their families; outside,
 *     whether they are all but the ones that rules name
 */
public record Place(
    Optional<EndpointRef> endpoint,
    Optional<ServiceAddress> service,
    List<Prefix> addresses,
    boolean whole)
    implements Comparable<Place> {
  private static final int NAMED_MAX = 3;

  public Place {
    addresses = addresses.stream().sorted().toList();
  }

  /** Whether it has addresses of the family; IPv4 sorts first. */
  public boolean has(boolean v6) {
    return !addresses.isEmpty() && addresses.get(v6 ? addresses.size() - 1 : 0).v6() == v6;
  }

  private int rank() {
    return endpoint.isPresent() ? 0 : service.isPresent() ? 1 : 2;
  }

  /** Endpoints come first, by name, then services, then what is outside; then by address. */
  @Override
  public int compareTo(Place other) {
    int byKind = Integer.compare(rank(), other.rank());
    if (byKind != 0) {
      return byKind;
    }
    if (endpoint.isPresent() && other.endpoint.isPresent()) {
      int byName = endpoint.get().compareTo(other.endpoint.get());
      if (byName != 0) {
        return byName;
      }
    }
    return addresses.get(0).compareTo(other.addresses.get(0));
  }

  /**
   * {@code blue/web1}; with its addresses where these are not all; {@code dns} for a service;
   * {@code 192.0.2.0/24} outside, or {@code elsewhere}.
   */
  @Override
  public String toString() {
    if (endpoint.isPresent()) {
      return whole ? endpoint.get().toString() : endpoint.get() + " (" + listing() + ")";
    }
    return service
        .map(known -> known.name().toLowerCase(Locale.ROOT))
        .orElseGet(() -> whole ? "elsewhere" : listing());
  }

  private String listing() {
    int more = addresses.size() - NAMED_MAX;
    return addresses.stream()
            .limit(NAMED_MAX)
            .map(Prefix::shortText)
            .collect(Collectors.joining(", "))
        + (more > 0 ? " and %d more".formatted(more) : "");
  }
}
