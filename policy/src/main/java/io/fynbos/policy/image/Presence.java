package io.fynbos.policy.image;

import io.fynbos.policy.model.Binding;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.GroupName;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Identity;
import java.util.Optional;
import org.pcollections.TreePMap;

/** How many endpoints of each identity, and of each group, are bound on each host. */
record Presence(
    TreePMap<Identity, TreePMap<HostName, Integer>> identities,
    TreePMap<GroupRef, TreePMap<HostName, Integer>> groups) {
  static final Presence EMPTY = new Presence(TreePMap.empty(), TreePMap.empty());

  TreePMap<HostName, Integer> of(Identity identity) {
    return identities.getOrDefault(identity, TreePMap.empty());
  }

  TreePMap<HostName, Integer> of(GroupRef group) {
    return groups.getOrDefault(group, TreePMap.empty());
  }

  /** The presence after a change that may have moved the endpoint or given it another identity. */
  Presence moved(EndpointRef ref, Image before, Image after) {
    return count(ref, before, -1).count(ref, after, 1);
  }

  private Presence count(EndpointRef ref, Image image, int step) {
    Optional<Endpoint> endpoint = image.endpoint(ref);
    Optional<Binding> binding = image.bindingOf(ref);
    if (endpoint.isEmpty() || binding.isEmpty()) {
      return this;
    }
    HostName host = binding.get().host();
    TreePMap<GroupRef, TreePMap<HostName, Integer>> next = groups;
    for (GroupName name : endpoint.get().groups()) {
      next = count(next, new GroupRef(ref.universe(), name), host, step);
    }
    return new Presence(count(identities, image.identity(ref), host, step), next);
  }

  private static <K extends Comparable<K>> TreePMap<K, TreePMap<HostName, Integer>> count(
      TreePMap<K, TreePMap<HostName, Integer>> counts, K key, HostName host, int step) {
    TreePMap<HostName, Integer> hosts = counts.getOrDefault(key, TreePMap.empty());
    int endpoints = hosts.getOrDefault(host, 0) + step;
    TreePMap<HostName, Integer> next =
        endpoints == 0 ? hosts.minus(host) : hosts.plus(host, endpoints);
    return next.isEmpty() ? counts.minus(key) : counts.plus(key, next);
  }
}
