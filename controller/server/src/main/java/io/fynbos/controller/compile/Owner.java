package io.fynbos.controller.compile;

import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.policy.image.IdentityEntry;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Identity;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.UniverseName;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What flows come from. The flows of an owner on a host follow from an image without looking at any
 * other owner; all owners together have all flows. Two owners have no flow in common, except that
 * {@link Itself} and {@link WholeUniverse} stand for many others.
 */
sealed interface Owner {

  /** An owner that is written out for each host. */
  sealed interface PerHost extends Owner {
    /** Its flows on a host; none where it plays no part. */
    void flows(HostFlows flows, HostName host, Consumer<FlowEntry> into);
  }

  /** An owner of policy flows, which many hosts share. */
  sealed interface Shared extends Owner {
    /** Its flows on whatever host. */
    List<SharedFlow> flows(PolicyFlows policies);

    /** Whether it plays a part on a host. */
    boolean on(HostFlows flows, HostName host);
  }

  /** The host itself: everything on it. */
  record Itself() implements PerHost {
    @Override
    public void flows(HostFlows flows, HostName host, Consumer<FlowEntry> into) {
      flows.all(host, into);
    }
  }

  /** A universe with all that is in it, for a host where it comes or goes. */
  record WholeUniverse(UniverseName universe) implements PerHost {
    @Override
    public void flows(HostFlows flows, HostName host, Consumer<FlowEntry> into) {
      flows.wholeUniverse(universe, host, into);
    }
  }

  /** Another host. */
  record OtherHost(HostName other) implements PerHost {
    @Override
    public void flows(HostFlows flows, HostName host, Consumer<FlowEntry> into) {
      flows.peer(other, host, into);
    }
  }

  /** A universe's zone and defaults. */
  record Defaults(UniverseName universe) implements PerHost {
    @Override
    public void flows(HostFlows flows, HostName host, Consumer<FlowEntry> into) {
      flows.universe(universe, host, into);
    }
  }

  /** An identity as a sender elsewhere. */
  record Sender(Identity identity) implements PerHost {
    @Override
    public void flows(HostFlows flows, HostName host, Consumer<FlowEntry> into) {
      flows.identity(identity, host, into);
    }
  }

  /** An endpoint's port. */
  record Port(EndpointRef endpoint) implements PerHost {
    @Override
    public void flows(HostFlows flows, HostName host, Consumer<FlowEntry> into) {
      flows.attached(endpoint, host, into);
    }
  }

  /** The way to an endpoint. */
  record Route(EndpointRef endpoint) implements PerHost {
    @Override
    public void flows(HostFlows flows, HostName host, Consumer<FlowEntry> into) {
      flows.route(endpoint, host, into);
    }
  }

  /** The conclusions of a policy's rules. */
  record Rules(PolicyRef policy) implements PerHost {
    @Override
    public void flows(HostFlows flows, HostName host, Consumer<FlowEntry> into) {
      flows.on(host).rules(policy, into);
    }
  }

  /** An identity that rules of a slot judge. */
  record Judged(Identity identity, Slot slot) implements Shared {
    @Override
    public List<SharedFlow> flows(PolicyFlows policies) {
      return policies.judged(identity).getOrDefault(slot, List.of());
    }

    @Override
    public boolean on(HostFlows flows, HostName host) {
      return flows.image().hostsWith(identity).contains(host);
    }
  }

  /** An identity that is a peer in rules of a slot. */
  record Peer(Identity identity, Slot slot) implements Shared {
    @Override
    public List<SharedFlow> flows(PolicyFlows policies) {
      return policies.peers(identity).getOrDefault(slot, List.of());
    }

    @Override
    public boolean on(HostFlows flows, HostName host) {
      IdentityEntry entry = flows.image().identities().get(identity);
      return entry != null && flows.present(entry.universe(), host);
    }
  }

  /** A universe or the fabric, for what rules of a slot say without an identity. */
  record Fixed(Optional<UniverseName> scope, Slot slot) implements Shared {
    @Override
    public List<SharedFlow> flows(PolicyFlows policies) {
      return policies.fixed(scope).getOrDefault(slot, List.of());
    }

    @Override
    public boolean on(HostFlows flows, HostName host) {
      return scope.isEmpty() || flows.present(scope.get(), host);
    }
  }
}
