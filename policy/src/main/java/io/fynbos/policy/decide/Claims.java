package io.fynbos.policy.decide;

import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Who has a shared address now. A claim lasts until another endpoint makes one, or until its own
 * endpoint is detached, deleted or no longer allowed the address.
 */
final class Claims {
  private Claims() {}

  static Decision claim(Image image, Command.ClaimAddress command) {
    Optional<Endpoint> found = image.endpointById(command.id());
    if (found.isEmpty()) {
      return new Decision.Refused(new FabricRefusal.UnknownEndpoint(command.host(), command.id()));
    }
    Endpoint endpoint = found.get();
    IpAddress address = command.address();
    boolean here =
        image.bindingOf(endpoint.ref()).filter(b -> b.host().equals(command.host())).isPresent();
    if (!here) {
      return new Decision.Refused(
          new EndpointRefusal.ClaimedFromAfar(endpoint.ref(), address, command.host()));
    }
    if (!endpoint.allows(address)) {
      return new Decision.Refused(new EndpointRefusal.AddressNotAllowed(endpoint.ref(), address));
    }
    boolean shareable = endpoint.allowedAddresses().contains(Prefix.of(address));
    boolean known =
        image.claimantOf(endpoint.universe(), address).equals(Optional.of(endpoint.ref()));
    return new Decision.Accepted(
        shareable && !known
            ? List.of(new Change.AddressClaimed(endpoint.universe(), address, endpoint.ref()))
            : List.of());
  }

  /** The changes that end the binding of an endpoint, and with it its claims. */
  static List<Change> unbind(Image image, EndpointRef ref) {
    List<Change> changes = new ArrayList<>(ended(image, ref, address -> true));
    changes.add(new Change.BindingDeleted(ref));
    return changes;
  }

  /** The changes that end the claims that an endpoint has and is not to have any more. */
  static List<Change> givenUp(Image image, Endpoint next) {
    return ended(
        image, next.ref(), address -> !next.allowedAddresses().contains(Prefix.of(address)));
  }

  private static List<Change> ended(Image image, EndpointRef ref, Predicate<IpAddress> condition) {
    List<Change> changes = new ArrayList<>();
    for (Prefix prefix : image.endpoint(ref).orElseThrow().allowedAddresses()) {
      IpAddress address = prefix.first();
      boolean ends =
          prefix.single()
              && image.claimantOf(ref.universe(), address).equals(Optional.of(ref))
              && condition.test(address);
      if (ends) {
        changes.add(new Change.AddressUnclaimed(ref.universe(), address));
      }
    }
    return changes;
  }
}
