package io.fynbos.controller.compile;

import io.fynbos.controller.pipeline.Cookie;
import io.fynbos.controller.pipeline.Flag;
import io.fynbos.controller.pipeline.Register;
import io.fynbos.openflow.wire.Action;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Binding;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Identity;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Mac;
import io.fynbos.policy.model.Prefix;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.model.UniverseNumber;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * An endpoint that a host has the port of, with its numbers.
 *
 * @param allowed what it may send from besides its own addresses
 * @param routed the part of it that packets to which are for it: a shared address is so for one
 *     endpoint at a time
 */
record Attached(
    Mac mac,
    List<IpAddress> addresses,
    List<Prefix> allowed,
    List<Prefix> routed,
    Identity identity,
    UniverseNumber universe,
    HostName host,
    int port) {

  /** The endpoint of an image, if it is attached. The function tells universes' numbers. */
  static Optional<Attached> of(
      Image image, EndpointRef ref, Function<UniverseName, Optional<UniverseNumber>> numbers) {
    Optional<Endpoint> endpoint = image.endpoint(ref);
    Optional<Binding> binding = image.bindingOf(ref);
    if (endpoint.isEmpty() || binding.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Attached(
            endpoint.get().mac(),
            endpoint.get().addresses(),
            allowed(endpoint.get()),
            routed(image, endpoint.get()),
            image.identity(ref),
            numbers.apply(ref.universe()).orElseThrow(),
            binding.get().host(),
            binding.get().ofport()));
  }

  /** Without what is its own anyway, so that no two flows are about the same address. */
  private static List<Prefix> allowed(Endpoint endpoint) {
    return endpoint.allowedAddresses().stream()
        .filter(prefix -> !prefix.single() || !endpoint.addresses().contains(prefix.first()))
        .toList();
  }

  private static List<Prefix> routed(Image image, Endpoint endpoint) {
    Optional<Endpoint> itself = Optional.of(endpoint);
    return allowed(endpoint).stream()
        .filter(
            prefix ->
                !prefix.single()
                    || image.endpointAt(endpoint.universe(), prefix.first()).equals(itself))
        .toList();
  }

  /** What its flows are known by. */
  Cookie cookie() {
    return new Cookie(Cookie.Kind.ENDPOINT, mac.value());
  }

  /** Says whose a packet is. */
  List<Action> load() {
    return List.of(
        Register.SENDER.set(identity.number()),
        Register.UNIVERSE.set(universe.number()),
        Flag.set(Flag.FROM_GUEST));
  }
}
