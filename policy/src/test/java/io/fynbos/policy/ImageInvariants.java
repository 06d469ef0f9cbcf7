package io.fynbos.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.policy.image.IdentityEntry;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.image.Versioned;
import io.fynbos.policy.model.Binding;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Identity;
import io.fynbos.policy.model.Internet;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.Prefix;
import io.fynbos.policy.model.PublicAddress;
import io.fynbos.policy.model.Universe;
import io.fynbos.policy.model.UniverseName;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What holds of every image that decisions have made. */
public final class ImageInvariants {
  private final Image image;

  private ImageInvariants(Image image) {
    this.image = image;
  }

  /** Throws an assertion error that says which does not hold. */
  public static void check(Image image) {
    ImageInvariants invariants = new ImageInvariants(image);
    Set<Object> taken = new HashSet<>();
    for (Versioned<Endpoint> endpoint : image.endpoints().values()) {
      invariants.checkEndpoint(endpoint.value(), taken);
    }
    for (IdentityEntry entry : image.identities().values()) {
      boolean resting = image.restingIdentities().containsKey(entry.identity());
      assertThat(entry.retired().isPresent()).as("%s rests", entry).isEqualTo(resting);
      assertThat(image.endpointsWith(entry.identity()).isEmpty())
          .as("%s", entry)
          .isEqualTo(resting);
    }
    for (Versioned<Policy> policy : image.policies().values()) {
      assertThat(image.groups().keySet()).containsAll(policy.value().groups());
      assertThat(image.universes().keySet()).containsAll(policy.value().appliesTo().universes());
      policy.value().ref().universe().ifPresent(u -> assertThat(image.universes()).containsKey(u));
      assertThat(taken.add(image.number(policy.value().ref()))).isTrue();
    }
    image
        .groups()
        .keySet()
        .forEach(group -> assertThat(image.universes()).containsKey(group.universe()));
    image.universes().keySet().forEach(u -> assertThat(taken.add(image.number(u))).isTrue());
    invariants.checkBindings();
    invariants.checkClaims();
  }

  private void checkEndpoint(Endpoint endpoint, Set<Object> taken) {
    Universe universe = image.universe(endpoint.universe()).orElseThrow();
    assertThat(taken.add(endpoint.id())).as("id of %s", endpoint.ref()).isTrue();
    assertThat(taken.add(universe.name() + " " + endpoint.mac())).as("%s", endpoint).isTrue();
    for (IpAddress address : endpoint.addresses()) {
      assertThat(universe.contains(address)).as("%s in %s", address, universe).isTrue();
      assertThat(taken.add(universe.name() + " " + address)).as("%s", endpoint).isTrue();
    }
    for (Prefix allowed : endpoint.allowedAddresses()) {
      assertThat(universe.contains(allowed)).as("%s in %s", allowed, universe).isTrue();
      for (Endpoint other : others(endpoint)) {
        assertThat(other.addresses()).noneMatch(allowed::contains);
        for (Prefix theirs : other.allowedAddresses()) {
          boolean shared = allowed.single() && allowed.equals(theirs);
          assertThat(shared || !allowed.overlaps(theirs))
              .as("%s of %s, %s of %s", allowed, endpoint.ref(), theirs, other.ref())
              .isTrue();
        }
      }
    }
    endpoint
        .groups()
        .forEach(
            group -> assertThat(image.groups()).containsKey(new GroupRef(universe.name(), group)));
    for (PublicAddress pair : endpoint.publicAddresses()) {
      assertThat(universe.internet()).isEqualTo(Internet.SHARED);
      assertThat(image.pools().values())
          .anyMatch(pool -> pool.value().offers(pair.publicAddress()));
      assertThat(taken.add("public " + pair.publicAddress())).as("%s", endpoint).isTrue();
    }
    Identity identity = image.identity(endpoint.ref());
    IdentityEntry entry = image.identities().getOrDefault(identity, null);
    assertThat(entry).isNotNull();
    assertThat(entry.number()).isEqualTo(image.number(universe.name()));
    assertThat(entry.groups()).isEqualTo(endpoint.groups());
  }

  private List<Endpoint> others(Endpoint endpoint) {
    return image.endpointsOf(endpoint.universe()).stream()
        .filter(ref -> !ref.equals(endpoint.ref()))
        .map(ref -> image.endpoint(ref).orElseThrow())
        .toList();
  }

  private void checkClaims() {
    for (UniverseName universe : image.universes().keySet()) {
      image
          .claimsOf(universe)
          .forEach(
              (address, claimant) -> {
                Endpoint endpoint = image.endpoint(claimant.value()).orElseThrow();
                assertThat(endpoint.allowedAddresses()).contains(Prefix.of(address));
                assertThat(image.bindingOf(endpoint.ref())).isPresent();
                assertThat(image.endpointAt(universe, address)).contains(endpoint);
              });
    }
  }

  private void checkBindings() {
    Set<String> ports = new HashSet<>();
    for (Versioned<Binding> versioned : image.bindings().values()) {
      Binding binding = versioned.value();
      HostName host = binding.host();
      assertThat(image.hosts()).containsKey(host);
      assertThat(image.endpoints()).containsKey(binding.endpoint());
      assertThat(ports.add(host + " " + binding.ofport())).as("%s", binding).isTrue();
      assertThat(image.hostsWith(binding.endpoint().universe())).contains(host);
      assertThat(image.hostsWith(image.identity(binding.endpoint()))).contains(host);
    }
  }
}
