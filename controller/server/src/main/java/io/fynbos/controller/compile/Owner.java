package io.fynbos.controller.compile;

import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Identity;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.UniverseName;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What flows come from. The flows of an owner on a host follow from an image without looking at any
 * other owner; all owners together have all flows. Two owners may share flows, which are equal
 * then.
 */
sealed interface Owner {
  /** The flows of this owner that a host has; none where it plays no part. */
  void flows(HostFlows flows, HostName host, Consumer<FlowEntry> into);

  /** The host itself: everything on it. */
  record Itself() implements Owner {
    @Override
    public void flows(HostFlows flows, HostName host, Consumer<FlowEntry> into) {
      flows.all(host, into);
    }
  }

  /** Another host. */
  record OtherHost(HostName other) implements Owner {
    @Override
    public void flows(HostFlows flows, HostName host, Consumer<FlowEntry> into) {
      flows.peer(other, host, into);
    }
  }

  /** A universe's zone and defaults. */
  record Defaults(UniverseName universe) implements Owner {
    @Override
    public void flows(HostFlows flows, HostName host, Consumer<FlowEntry> into) {
      flows.universe(universe, host, into);
    }
  }

  /** A universe with all that is in it, for a host where it comes or goes. */
  record WholeUniverse(UniverseName universe) implements Owner {
    @Override
    public void flows(HostFlows flows, HostName host, Consumer<FlowEntry> into) {
      flows.wholeUniverse(universe, host, into);
    }
  }

  /** An identity as a sender elsewhere. */
  record Sender(Identity identity) implements Owner {
    @Override
    public void flows(HostFlows flows, HostName host, Consumer<FlowEntry> into) {
      flows.identity(identity, host, into);
    }
  }

  /** An endpoint's port. */
  record Port(EndpointRef endpoint) implements Owner {
    @Override
    public void flows(HostFlows flows, HostName host, Consumer<FlowEntry> into) {
      flows.attached(endpoint, host, into);
    }
  }

  /** The way to an endpoint. */
  record Route(EndpointRef endpoint) implements Owner {
    @Override
    public void flows(HostFlows flows, HostName host, Consumer<FlowEntry> into) {
      flows.route(endpoint, host, into);
    }
  }

  /** The conclusions of a policy's rules. */
  record Rules(PolicyRef policy) implements Owner {
    @Override
    public void flows(HostFlows flows, HostName host, Consumer<FlowEntry> into) {
      flows.on(host).rules(policy, into);
    }
  }

  /** An identity that rules of a slot judge. */
  record Judged(Identity identity, Slot slot) implements Owner {
    @Override
    public void flows(HostFlows flows, HostName host, Consumer<FlowEntry> into) {
      flows.on(host).judged(identity, slot, into);
    }
  }

  /** An identity that is a peer in rules of a slot. */
  record Peer(Identity identity, Slot slot) implements Owner {
    @Override
    public void flows(HostFlows flows, HostName host, Consumer<FlowEntry> into) {
      flows.on(host).peer(identity, slot, into);
    }
  }

  /** A universe or the fabric, for what rules of a slot say without an identity. */
  record Fixed(Optional<UniverseName> scope, Slot slot) implements Owner {
    @Override
    public void flows(HostFlows flows, HostName host, Consumer<FlowEntry> into) {
      flows.on(host).fixed(scope, slot, into);
    }
  }
}
