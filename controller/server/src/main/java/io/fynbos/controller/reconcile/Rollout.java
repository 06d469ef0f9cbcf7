package io.fynbos.controller.reconcile;

import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.IdentityEntry;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.EndpointRef;
import java.util.ArrayList;
import java.util.List;

/**
 * The order in which a step reaches the hosts: receivers learn an identity before senders use it.
 *
 * @param first the identities alone, put on the image before; empty when none matters
 */
record Rollout(List<Change> first) {

  Rollout {
    first = List.copyOf(first);
  }

  /** Which changes have to be everywhere before the rest of them. */
  static Rollout of(Image before, Image after, List<Change> changes) {
    List<Change> first = new ArrayList<>();
    for (Change change : changes) {
      if (change instanceof Change.IdentityAdded added
          && usable(before, added)
          && inUse(after, added)) {
        first.add(added);
      }
    }
    return new Rollout(first);
  }

  /** Whether the image before can take the identity: its universe is there, its number is free. */
  private static boolean usable(Image before, Change.IdentityAdded added) {
    boolean universe =
        before.universes().containsKey(added.universe())
            && before.number(added.universe()).equals(added.number());
    IdentityEntry entry = before.identities().get(added.identity());
    boolean same =
        entry == null
            || (entry.number().equals(added.number()) && entry.groups().equals(added.groups()));
    return universe
        && same
        && before.identityOf(added.number(), added.groups()).stream()
            .allMatch(added.identity()::equals);
  }

  /** Whether a guest that is attached somewhere will send with it. */
  private static boolean inUse(Image after, Change.IdentityAdded added) {
    for (EndpointRef endpoint : after.endpointsWith(added.identity())) {
      if (after.bindings().containsKey(endpoint)) {
        return true;
      }
    }
    return false;
  }
}
