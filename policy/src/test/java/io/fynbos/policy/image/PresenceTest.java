package io.fynbos.policy.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.policy.RandomImages;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Identity;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PresenceTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void theHostsOfAnIdentityAreThoseThatHaveAnEndpointOfItAndSoForGroups(long seed) {
    RandomImages random = RandomImages.complete(seed);
    Image image = random.image(RandomImages.Size.SMALL);
    for (int step = 0; step < 100; step++) {
      for (Identity identity : image.identities().keySet()) {
        assertThat(image.hostsWith(identity))
            .as("identity %s in %s, seed %s", identity, image, seed)
            .isEqualTo(scanned(image, image.endpointsWith(identity)));
      }
      for (GroupRef group : image.groups().keySet()) {
        assertThat(image.hostsWith(group))
            .as("group %s in %s, seed %s", group, image, seed)
            .isEqualTo(scanned(image, image.endpointsOf(group)));
      }
      image = random.next(image);
    }
  }

  private static NavigableSet<HostName> scanned(Image image, Iterable<EndpointRef> refs) {
    NavigableSet<HostName> hosts = new TreeSet<>();
    refs.forEach(ref -> image.bindingOf(ref).ifPresent(b -> hosts.add(b.host())));
    return hosts;
  }
}
