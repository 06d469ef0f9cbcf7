package io.fynbos.policy.image;

import io.fynbos.policy.model.Binding;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.GroupName;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.Host;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Identity;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.PolicyNumber;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.Pool;
import io.fynbos.policy.model.PoolName;
import io.fynbos.policy.model.Revision;
import io.fynbos.policy.model.SecurityGroup;
import io.fynbos.policy.model.Universe;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.model.UniverseNumber;
import java.util.Optional;
import java.util.SortedSet;
import org.pcollections.TreePSet;

/**
 * One durable step from an image to the next. Everything that was chosen (numbers, ids, addresses)
 * is in it, so that replaying the same changes makes the same image.
 */
public sealed interface Change {
  /**
   * The image after this change, committed under the revision. A change that does not fit the image
   * is a bug, and throws.
   */
  Image applyTo(Image image, Revision revision);

  /** A universe is new, or other than before; its number never changes. */
  record UniversePut(Universe universe, UniverseNumber number) implements Change {
    @Override
    public Image applyTo(Image image, Revision revision) {
      return image.with(image.universeParts().put(universe, number, revision));
    }
  }

  /** The universe is gone; its number rests. */
  record UniverseDeleted(UniverseName name) implements Change {
    @Override
    public Image applyTo(Image image, Revision revision) {
      return image.with(image.universeParts().delete(name, revision));
    }
  }

  /** The universe's number, which rested, is free again. */
  record UniverseNumberReleased(UniverseNumber number) implements Change {
    @Override
    public Image applyTo(Image image, Revision revision) {
      return image.with(image.universeParts().release(number));
    }
  }

  /** A number rests whose universe is gone; only in the changes that rebuild an image. */
  record UniverseNumberRested(UniverseNumber number) implements Change {
    @Override
    public Image applyTo(Image image, Revision revision) {
      return image.with(image.universeParts().rest(number, revision));
    }
  }

  /** A security group is new. */
  record GroupPut(SecurityGroup group) implements Change {
    @Override
    public Image applyTo(Image image, Revision revision) {
      return image.with(image.groupParts().put(group, revision));
    }
  }

  /** The security group is gone. */
  record GroupDeleted(GroupRef ref) implements Change {
    @Override
    public Image applyTo(Image image, Revision revision) {
      return image.with(image.groupParts().delete(ref));
    }
  }

  /** An endpoint is new, or other than before; the identity is that of its groups. */
  record EndpointPut(Endpoint endpoint, Identity identity) implements Change {
    @Override
    public Image applyTo(Image image, Revision revision) {
      Image next = image.with(image.endpointParts().put(endpoint, identity, revision));
      return next.moved(endpoint.ref(), image);
    }
  }

  /** The endpoint is gone. */
  record EndpointDeleted(EndpointRef ref) implements Change {
    @Override
    public Image applyTo(Image image, Revision revision) {
      return image.with(image.endpointParts().delete(ref)).moved(ref, image);
    }
  }

  /** A policy is new, or other than before; its number never changes. */
  record PolicyPut(Policy policy, PolicyNumber number) implements Change {
    @Override
    public Image applyTo(Image image, Revision revision) {
      return image.with(image.policyParts().put(policy, number, revision));
    }
  }

  /** The policy is gone; its number rests. */
  record PolicyDeleted(PolicyRef ref) implements Change {
    @Override
    public Image applyTo(Image image, Revision revision) {
      return image.with(image.policyParts().delete(ref, revision));
    }
  }

  /** The policy's number, which rested, is free again. */
  record PolicyNumberReleased(PolicyNumber number) implements Change {
    @Override
    public Image applyTo(Image image, Revision revision) {
      return image.with(image.policyParts().release(number));
    }
  }

  /** A number rests whose policy is gone; only in the changes that rebuild an image. */
  record PolicyNumberRested(PolicyNumber number) implements Change {
    @Override
    public Image applyTo(Image image, Revision revision) {
      return image.with(image.policyParts().rest(number, revision));
    }
  }

  /** A pool is new, or other than before. */
  record PoolPut(Pool pool) implements Change {
    @Override
    public Image applyTo(Image image, Revision revision) {
      return image.withPools(image.poolParts().plus(pool.name(), new Versioned<>(pool, revision)));
    }
  }

  /** The pool is gone. */
  record PoolDeleted(PoolName name) implements Change {
    @Override
    public Image applyTo(Image image, Revision revision) {
      Present.in(image.poolParts(), name);
      return image.withPools(image.poolParts().minus(name));
    }
  }

  /** A host is new, or has another underlay address or datapath id. */
  record HostPut(Host host) implements Change {
    @Override
    public Image applyTo(Image image, Revision revision) {
      return image.with(image.placement().putHost(host, revision));
    }
  }

  /** The host is gone. */
  record HostDeleted(HostName name) implements Change {
    @Override
    public Image applyTo(Image image, Revision revision) {
      return image.with(image.placement().deleteHost(name));
    }
  }

  /** An endpoint is attached, or attached elsewhere than before. */
  record BindingPut(Binding binding) implements Change {
    @Override
    public Image applyTo(Image image, Revision revision) {
      Image next = image.with(image.placement().bind(binding, revision));
      return next.moved(binding.endpoint(), image);
    }
  }

  /** The endpoint is attached nowhere. */
  record BindingDeleted(EndpointRef endpoint) implements Change {
    @Override
    public Image applyTo(Image image, Revision revision) {
      return image.with(image.placement().unbind(endpoint)).moved(endpoint, image);
    }
  }

  /** Packets to a shared address go to the endpoint from now on. */
  record AddressClaimed(UniverseName universe, IpAddress address, EndpointRef endpoint)
      implements Change {
    public AddressClaimed {
      if (!endpoint.universe().equals(universe)) {
        throw new IllegalArgumentException(
            "%s claims %s of universe %s".formatted(endpoint, address, universe));
      }
    }

    @Override
    public Image applyTo(Image image, Revision revision) {
      return image.with(image.placement().claim(endpoint, address, revision));
    }
  }

  /** Nobody claims the shared address any more. */
  record AddressUnclaimed(UniverseName universe, IpAddress address) implements Change {
    @Override
    public Image applyTo(Image image, Revision revision) {
      return image.with(image.placement().unclaim(universe, address));
    }
  }

  /** An identity that is new, or that is needed again while it rests. */
  record IdentityAdded(
      Identity identity, UniverseName universe, UniverseNumber number, SortedSet<GroupName> groups)
      implements Change {
    public IdentityAdded {
      groups = TreePSet.fromSortedSet(groups);
    }

    @Override
    public Image applyTo(Image image, Revision revision) {
      IdentityEntry entry = new IdentityEntry(identity, universe, number, groups, Optional.empty());
      return image.with(image.identityParts().add(entry));
    }
  }

  /** The last endpoint with the identity is gone; the number rests from now on. */
  record IdentityRetired(Identity identity) implements Change {
    @Override
    public Image applyTo(Image image, Revision revision) {
      return image.with(image.identityParts().retire(identity, revision));
    }
  }

  /** The identity, which rested, is forgotten and its number free again. */
  record IdentityReleased(Identity identity) implements Change {
    @Override
    public Image applyTo(Image image, Revision revision) {
      return image.with(image.identityParts().release(identity));
    }
  }
}
