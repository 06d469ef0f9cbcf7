package io.fynbos.policy.decide;

import io.fynbos.policy.decide.Attachment.Judged;
import io.fynbos.policy.decide.Attachment.State;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Binding;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.HostName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What a host's interfaces mean for bindings. The first binding of an endpoint stays, and so does
 * the first endpoint of a port; when one ends, whoever reported the other must be judged again.
 */
public final class Attachments {
  private Attachments() {}

  /**
   * What becomes of each attachment of a host, in the order given, when all that is attached there
   * are these. Attachments that are bound just so already come before others; of others the lower
   * port comes first.
   */
  public static List<Judged> judge(Image image, HostName host, List<Attachment> attachments) {
    List<Attachment> ranked = new ArrayList<>(attachments);
    ranked.sort(
        Comparator.<Attachment, Boolean>comparing(a -> !boundSo(image, host, a))
            .thenComparing(Attachment::ofport)
            .thenComparing(Attachment::id));
    Set<EndpointRef> bound = new HashSet<>();
    Set<Integer> ports = new HashSet<>();
    Map<Attachment, Judged> judged = new HashMap<>();
    for (Attachment attachment : ranked) {
      Optional<Endpoint> endpoint = image.endpointById(attachment.id());
      State state =
          endpoint
              .map(e -> stateOf(image, host, e, attachment, bound, ports))
              .orElse(State.UNKNOWN);
      if (state == State.BOUND) {
        bound.add(endpoint.orElseThrow().ref());
        ports.add(attachment.ofport());
      }
      judged.putIfAbsent(attachment, new Judged(attachment, endpoint.map(Endpoint::ref), state));
    }
    return attachments.stream().map(a -> judged.getOrDefault(a, unknown(a))).toList();
  }

  private static Judged unknown(Attachment attachment) {
    return new Judged(attachment, Optional.empty(), State.UNKNOWN);
  }

  private static boolean boundSo(Image image, HostName host, Attachment attachment) {
    return image
        .endpointById(attachment.id())
        .flatMap(endpoint -> image.bindingOf(endpoint.ref()))
        .filter(b -> b.host().equals(host) && b.ofport() == attachment.ofport())
        .isPresent();
  }

  private static State stateOf(
      Image image,
      HostName host,
      Endpoint endpoint,
      Attachment attachment,
      Set<EndpointRef> bound,
      Set<Integer> ports) {
    if (attachment.mac().isPresent() && !attachment.mac().get().equals(endpoint.mac())) {
      return State.MAC_DIFFERS;
    }
    boolean elsewhere =
        image.bindingOf(endpoint.ref()).filter(b -> !b.host().equals(host)).isPresent();
    boolean second = bound.contains(endpoint.ref()) || ports.contains(attachment.ofport());
    return elsewhere || second ? State.TAKEN : State.BOUND;
  }

  static Decision decide(Image image, Command.SetBindings command) {
    int max = Command.SetBindings.ATTACHMENTS_MAX;
    if (command.attachments().size() > max) {
      return new Decision.Refused(
          new Refusal.TooMany("bindings", command.attachments().size(), max));
    }
    HostName host = command.host();
    Optional<Refusal> refusal =
        command.attachments().stream()
            .flatMap(attachment -> unusable(host, attachment.ofport()).stream())
            .findFirst()
            .or(() -> unknownHost(image, host));
    if (refusal.isPresent()) {
      return new Decision.Refused(refusal.get());
    }
    Map<EndpointRef, Integer> wanted = new HashMap<>();
    for (Judged judged : judge(image, host, command.attachments())) {
      if (judged.state() == State.BOUND) {
        wanted.put(judged.endpoint().orElseThrow(), judged.attachment().ofport());
      }
    }
    return new Decision.Accepted(changes(image, host, wanted, gone(image, command, wanted)));
  }

  /** The endpoints whose binding on the host ends. */
  private static Set<EndpointRef> gone(
      Image image, Command.SetBindings command, Map<EndpointRef, Integer> wanted) {
    Set<EndpointRef> named = new HashSet<>();
    for (Attachment attachment : command.attachments()) {
      image.endpointById(attachment.id()).ifPresent(endpoint -> named.add(endpoint.ref()));
    }
    Set<Integer> ports = new HashSet<>(wanted.values());
    Set<EndpointRef> gone = new HashSet<>();
    for (Binding binding : image.bindingsOn(command.host())) {
      boolean reported = command.complete() || named.contains(binding.endpoint());
      if (!wanted.containsKey(binding.endpoint())
          && (reported || ports.contains(binding.ofport()))) {
        gone.add(binding.endpoint());
      }
    }
    return gone;
  }

  private static List<Change> changes(
      Image image, HostName host, Map<EndpointRef, Integer> wanted, Set<EndpointRef> gone) {
    List<Change> changes = new ArrayList<>();
    gone.stream().sorted().forEach(ref -> changes.addAll(Claims.unbind(image, ref)));
    wanted.keySet().stream()
        .sorted()
        .forEach(
            ref -> {
              int ofport = wanted.getOrDefault(ref, 0);
              Optional<Binding> before = image.bindingOf(ref);
              if (before.filter(b -> b.ofport() == ofport).isEmpty()) {
                changes.add(new Change.BindingPut(binding(image, ref, host, ofport)));
              }
            });
    return changes;
  }

  /**
   * The generation is the revision that binds it, or one more than before: so it rises with every
   * binding.
   */
  private static Binding binding(Image image, EndpointRef ref, HostName host, int ofport) {
    long before = image.bindingOf(ref).map(Binding::generation).orElse(0L);
    long generation = Math.max(before + 1, image.revision().number() + 1);
    return new Binding(ref, host, ofport, generation);
  }

  static Decision bind(Image image, HostName host, Attachment attachment) {
    Optional<Refusal> refusal =
        unusable(host, attachment.ofport())
            .or(() -> unknownHost(image, host))
            .or(() -> unbindable(image, host, attachment));
    if (refusal.isPresent()) {
      return new Decision.Refused(refusal.get());
    }
    EndpointRef ref = image.endpointById(attachment.id()).orElseThrow().ref();
    return new Decision.Accepted(changes(image, host, Map.of(ref, attachment.ofport()), Set.of()));
  }

  private static Optional<Refusal> unbindable(Image image, HostName host, Attachment attachment) {
    Optional<Endpoint> found = image.endpointById(attachment.id());
    if (found.isEmpty()) {
      return Optional.of(new FabricRefusal.UnknownEndpoint(host, attachment.id()));
    }
    Endpoint endpoint = found.get();
    if (attachment.mac().isPresent() && !attachment.mac().get().equals(endpoint.mac())) {
      return Optional.of(
          new EndpointRefusal.MacDiffers(endpoint.ref(), endpoint.mac(), attachment.mac().get()));
    }
    Optional<Binding> elsewhere =
        image.bindingOf(endpoint.ref()).filter(b -> !b.host().equals(host));
    if (elsewhere.isPresent()) {
      return Optional.of(new EndpointRefusal.BoundElsewhere(endpoint.ref(), elsewhere.get()));
    }
    return image.bindingsOn(host).stream()
        .filter(b -> b.ofport() == attachment.ofport() && !b.endpoint().equals(endpoint.ref()))
        .findFirst()
        .map(
            b ->
                new EndpointRefusal.PortTaken(
                    endpoint.ref(), host, attachment.ofport(), b.endpoint()));
  }

  static Decision unbind(Image image, HostName host, UUID id) {
    List<Change> changes =
        image
            .endpointById(id)
            .flatMap(endpoint -> image.bindingOf(endpoint.ref()))
            .filter(binding -> binding.host().equals(host))
            .map(b -> Claims.unbind(image, b.endpoint()))
            .orElse(List.of());
    return new Decision.Accepted(changes);
  }

  private static Optional<Refusal> unknownHost(Image image, HostName host) {
    return image.host(host).isPresent()
        ? Optional.empty()
        : Optional.of(new Refusal.NotFound(host));
  }

  private static Optional<Refusal> unusable(HostName host, int ofport) {
    boolean usable = ofport >= Binding.OFPORT_MIN && ofport <= Binding.OFPORT_MAX;
    return usable ? Optional.empty() : Optional.of(new FabricRefusal.PortUnusable(host, ofport));
  }
}
