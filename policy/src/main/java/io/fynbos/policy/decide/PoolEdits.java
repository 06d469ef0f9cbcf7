package io.fynbos.policy.decide;

import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.image.Versioned;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Pool;
import io.fynbos.policy.model.PoolName;
import io.fynbos.policy.model.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts and deletes of pools of public addresses. */
final class PoolEdits {
  private PoolEdits() {}

  static Optional<Refusal> plan(Plan plan, List<Pool> pools, List<PoolName> gone) {
    gone.forEach(name -> plan.add(new Change.PoolDeleted(name)));
    for (Pool pool : pools) {
      Optional<Pool> before =
          Optional.ofNullable(plan.before().pools().get(pool.name())).map(Versioned::value);
      if (!before.equals(Optional.of(pool))) {
        plan.add(new Change.PoolPut(pool));
      }
    }
    return pools.stream().flatMap(pool -> overlap(plan.image(), pool).stream()).findFirst();
  }

  private static Optional<Refusal> overlap(Image image, Pool pool) {
    for (Versioned<Pool> entry : image.pools().values()) {
      Pool other = entry.value();
      if (other.name().equals(pool.name())) {
        continue;
      }
      for (Prefix mine : pool.prefixes()) {
        for (Prefix theirs : other.prefixes()) {
          if (mine.overlaps(theirs)) {
            return Optional.of(
                new FabricRefusal.PoolOverlaps(pool.name(), mine, other.name(), theirs));
          }
        }
      }
    }
    return Optional.empty();
  }

  /** Whether an endpoint may have the public address. */
  static boolean offered(Image image, IpAddress address) {
    return image.pools().values().stream().anyMatch(pool -> pool.value().offers(address));
  }

  /** Every public address that is in use out of a changed pool must still be on offer. */
  static Optional<Refusal> check(Plan plan, List<Pool> pools, List<PoolName> gone) {
    List<PoolName> changed = new ArrayList<>(gone);
    pools.forEach(pool -> changed.add(pool.name()));
    for (PoolName name : changed) {
      Versioned<Pool> before = plan.before().pools().get(name);
      List<Prefix> prefixes = before == null ? List.of() : before.value().prefixes();
      for (Prefix prefix : prefixes) {
        Map<IpAddress, EndpointRef> used =
            plan.image().publicAddresses().subMap(prefix.first(), true, prefix.last(), true);
        for (Map.Entry<IpAddress, EndpointRef> user : used.entrySet()) {
          if (!offered(plan.image(), user.getKey())) {
            return Optional.of(new FabricRefusal.PoolInUse(name, user.getKey(), user.getValue()));
          }
        }
      }
    }
    return Optional.empty();
  }
}
