package io.fynbos.policy.image;

import io.fynbos.policy.model.Binding;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Identity;
import java.util.Optional;
import org.pcollections.TreePMap;

/** How many endpoints of each identity are bound on each host. */
record Presence(TreePMap<Identity, TreePMap<HostName, Integer>> counts) {
  static final Presence EMPTY = new Presence(TreePMap.empty());

  TreePMap<HostName, Integer> of(Identity identity) {
    return counts.getOrDefault(identity, TreePMap.empty());
  }

  /** The presence after a change that may have moved the endpoint or given it another identity. */
  Presence moved(EndpointRef ref, Image before, Image after) {
    return count(ref, before, -1).count(ref, after, 1);
  }

  private Presence count(EndpointRef ref, Image image, int step) {
    Identity identity = image.endpointParts().identities().get(ref);
    Optional<Binding> binding = image.bindingOf(ref);
    if (identity == null || binding.isEmpty()) {
      return this;
    }
    HostName host = binding.get().host();
    TreePMap<HostName, Integer> hosts = of(identity);
    int endpoints = hosts.getOrDefault(host, 0) + step;
    TreePMap<HostName, Integer> next =
        endpoints == 0 ? hosts.minus(host) : hosts.plus(host, endpoints);
    return new Presence(next.isEmpty() ? counts.minus(identity) : counts.plus(identity, next));
  }
}
