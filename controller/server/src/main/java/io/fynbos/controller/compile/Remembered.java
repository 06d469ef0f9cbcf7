package io.fynbos.controller.compile;

import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.model.UniverseNumber;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What an image has answered. A compile asks for the same few things many times, and each time the
 * image would walk down sorted maps of a hundred thousand names.
 */
final class Remembered {
  private final Image image;
  private final Hosts numbers;
  private final Map<UniverseName, Optional<UniverseNumber>> universes = new HashMap<>();
  private final Map<UniverseName, BitSet> hosts = new HashMap<>();
  private final Map<EndpointRef, Optional<Attached>> endpoints = new HashMap<>();
  private final Map<PolicyRef, Optional<Policy>> policies = new HashMap<>();

  Remembered(Image image) {
    this.image = image;
    this.numbers = new Hosts(image);
  }

  Image image() {
    return image;
  }

  Hosts numbers() {
    return numbers;
  }

  /** The number of a universe, if the image has it. */
  Optional<UniverseNumber> number(UniverseName name) {
    return universes.computeIfAbsent(name, n -> image.universe(n).map(universe -> image.number(n)));
  }

  /** Whether a host of the image has an endpoint of a universe. */
  boolean present(UniverseName universe, HostName host) {
    OptionalInt number = numbers.number(host);
    return number.isPresent() && present(universe, number.getAsInt());
  }

  boolean present(UniverseName universe, int host) {
    return hosts
        .computeIfAbsent(
            universe,
            name -> {
              BitSet found = new BitSet();
              numbers.add(image.hostsWith(name), found);
              return found;
            })
        .get(host);
  }

  /** The endpoint, if it is attached. */
  Optional<Attached> attached(EndpointRef ref) {
    return endpoints.computeIfAbsent(ref, r -> Attached.of(image, r, this::number));
  }

  Optional<Policy> policy(PolicyRef ref) {
    return policies.computeIfAbsent(ref, image::policy);
  }
}
