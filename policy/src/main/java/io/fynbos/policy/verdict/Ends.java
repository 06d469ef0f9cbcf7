package io.fynbos.policy.verdict;

import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.Internet;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.ServiceAddress;
import io.fynbos.policy.model.Universe;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.verdict.Verdict.NoRoute;
import java.util.Optional;

/** Who the ends are, or why there is no way between them. */
record Ends(Optional<Endpoint> sender, Optional<Endpoint> receiver, Optional<NoRoute> noRoute) {

  private static Ends none(NoRoute reason) {
    return new Ends(Optional.empty(), Optional.empty(), Optional.of(reason));
  }

  static Ends of(Image image, Packet packet) {
    if (packet.from().address().v6() != packet.to().address().v6()) {
      return none(NoRoute.OTHER_FAMILY);
    }
    Optional<UniverseName> universe = universeOf(packet.from()).or(() -> universeOf(packet.to()));
    if (universe.isEmpty()) {
      return none(NoRoute.NO_ENDPOINT);
    }
    Optional<Endpoint> sender = find(image, universe.get(), packet.from());
    Optional<Endpoint> receiver = find(image, universe.get(), packet.to());
    return reason(image, universe.get(), packet, sender, receiver)
        .map(Ends::none)
        .orElseGet(() -> new Ends(sender, receiver, Optional.empty()));
  }

  private static Optional<UniverseName> universeOf(End end) {
    return end instanceof End.OfEndpoint known
        ? Optional.of(known.ref().universe())
        : Optional.empty();
  }

  private static Optional<Endpoint> find(Image image, UniverseName universe, End end) {
    return end instanceof End.OfEndpoint known
        ? image.endpoint(known.ref())
        : image.endpointAt(universe, end.address());
  }

  private static boolean goesTo(Image image, Endpoint receiver, IpAddress address) {
    return image.endpointAt(receiver.universe(), address).equals(Optional.of(receiver));
  }

  private static Optional<NoRoute> reason(
      Image image,
      UniverseName name,
      Packet packet,
      Optional<Endpoint> sender,
      Optional<Endpoint> receiver) {
    if (packet.from() instanceof End.OfEndpoint && sender.isEmpty()) {
      return Optional.of(NoRoute.UNKNOWN_SENDER);
    }
    if (packet.to() instanceof End.OfEndpoint && receiver.isEmpty()) {
      return Optional.of(NoRoute.UNKNOWN_RECEIVER);
    }
    if (sender.isPresent() && !sender.get().mayHave(packet.from().address())) {
      return Optional.of(NoRoute.FOREIGN_SOURCE);
    }
    if (receiver.isPresent() && !goesTo(image, receiver.get(), packet.to().address())) {
      return Optional.of(NoRoute.FOREIGN_DESTINATION);
    }
    if (sender.isPresent() && receiver.isPresent()) {
      boolean sameUniverse = sender.get().universe().equals(receiver.get().universe());
      if (!sameUniverse) {
        return Optional.of(NoRoute.OTHER_UNIVERSE);
      }
      boolean itself = sender.get().ref().equals(receiver.get().ref());
      return itself ? Optional.of(NoRoute.ITSELF) : Optional.empty();
    }
    if (sender.isPresent() && ServiceAddress.of(packet.to().address()).isPresent()) {
      return Optional.empty();
    }
    Universe universe = image.universe(name).orElseThrow();
    End outside = sender.isPresent() ? packet.to() : packet.from();
    if (universe.contains(outside.address())) {
      return Optional.of(NoRoute.NO_SUCH_ADDRESS);
    }
    return universe.internet() == Internet.NONE
        ? Optional.of(NoRoute.NO_INTERNET)
        : Optional.empty();
  }
}
