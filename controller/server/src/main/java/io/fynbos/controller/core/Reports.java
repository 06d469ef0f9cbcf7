package io.fynbos.controller.core;

import io.fynbos.policy.decide.Attachment;
import io.fynbos.policy.decide.Command.SetBindings;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.HostName;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * What the agents see plugged in, whether or not an endpoint of that id is known yet. Kept in
 * memory only: an agent reports all of it again when it connects. Owned by the event thread.
 */
final class Reports {

  private static final SortedSet<HostName> NOWHERE = new TreeSet<>();

  private final Map<HostName, Map<UUID, Attachment>> byHost = new TreeMap<>();
  private final Map<UUID, SortedSet<HostName>> hostsOf = new TreeMap<>();
  private final Set<HostName> complete = new TreeSet<>();

  /** Takes note of a report; a complete one replaces what the host reported before. */
  void report(HostName host, Collection<Attachment> attachments, boolean all) {
    if (all) {
      forget(host);
      complete.add(host);
    }
    Map<UUID, Attachment> known = byHost.computeIfAbsent(host, none -> new TreeMap<>());
    for (Attachment attachment : attachments) {
      known.put(attachment.id(), attachment);
      hostsOf.computeIfAbsent(attachment.id(), none -> new TreeSet<>()).add(host);
    }
  }

  /** Everything known of a host, as the command that brings its bindings to it. */
  SetBindings command(HostName host) {
    return new SetBindings(
        host, List.copyOf(byHost.getOrDefault(host, Map.of()).values()), complete.contains(host));
  }

  /** The hosts whose reports may mean something else after these changes. */
  SortedSet<HostName> affected(Publication publication) {
    SortedSet<HostName> hosts = new TreeSet<>();
    for (Change change : publication.changes()) {
      endpointOf(change)
          .flatMap(publication.after()::endpoint)
          .ifPresent(endpoint -> hosts.addAll(hostsOf.getOrDefault(endpoint.id(), NOWHERE)));
      if (change instanceof Change.BindingDeleted unbound) {
        // The port it had may be another's now.
        publication
            .before()
            .bindingOf(unbound.endpoint())
            .filter(binding -> byHost.containsKey(binding.host()))
            .ifPresent(binding -> hosts.add(binding.host()));
      }
      if (change instanceof Change.HostDeleted gone) {
        forget(gone.name());
      }
    }
    hosts.removeIf(host -> !publication.after().hosts().containsKey(host));
    return hosts;
  }

  private static Optional<EndpointRef> endpointOf(Change change) {
    if (change instanceof Change.EndpointPut put) {
      return Optional.of(put.endpoint().ref());
    }
    if (change instanceof Change.BindingDeleted unbound) {
      return Optional.of(unbound.endpoint());
    }
    return Optional.empty();
  }

  private void forget(HostName host) {
    complete.remove(host);
    Map<UUID, Attachment> known = byHost.remove(host);
    if (known == null) {
      return;
    }
    for (UUID id : known.keySet()) {
      SortedSet<HostName> hosts = hostsOf.get(id);
      if (hosts != null && hosts.remove(host) && hosts.isEmpty()) {
        hostsOf.remove(id);
      }
    }
  }
}
