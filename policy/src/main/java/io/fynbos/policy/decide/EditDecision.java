package io.fynbos.policy.decide;

import io.fynbos.policy.image.Image;
import io.fynbos.policy.image.Versioned;
import io.fynbos.policy.model.Edit;
import io.fynbos.policy.model.ObjectKey;
import io.fynbos.policy.model.Revision;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Judges puts and deletes by the state that they lead to together. Each kind's edits are planned in
 * an order in which what is named exists already (universes before their groups, groups before
 * endpoints and policies) and what goes is gone from its users first; what depends on the whole is
 * checked at the end.
 */
final class EditDecision {
  private EditDecision() {}

  static Decision decideOne(Image image, Edit edit, Precondition precondition, Ids ids) {
    Optional<Revision> found = image.object(edit.key()).map(Versioned::revision);
    if (!precondition.holds(found)) {
      return new Decision.Refused(new Refusal.RevisionDiffers(edit.key(), precondition, found));
    }
    return decideAll(image, List.of(edit), ids);
  }

  static Decision decideAll(Image image, List<Edit> edits, Ids ids) {
    if (edits.size() > Command.Batch.EDITS_MAX) {
      return new Decision.Refused(
          new Refusal.TooMany("documents", edits.size(), Command.Batch.EDITS_MAX));
    }
    Map<ObjectKey, Integer> indexes = new HashMap<>();
    for (int i = 0; i < edits.size(); i++) {
      ObjectKey key = edits.get(i).key();
      if (indexes.putIfAbsent(key, i) != null) {
        return new Decision.Refused(new Refusal.DuplicateName(key), OptionalInt.of(i));
      }
    }
    Plan plan = new Plan(image);
    Optional<Refusal> refusal =
        missing(image, edits).or(() -> plan(plan, SortedEdits.of(edits), ids));
    return refusal
        .<Decision>map(fact -> new Decision.Refused(fact, index(fact, indexes)))
        .orElseGet(plan::accept);
  }

  private static OptionalInt index(Refusal fact, Map<ObjectKey, Integer> indexes) {
    return fact.about()
        .filter(indexes::containsKey)
        .map(key -> OptionalInt.of(indexes.getOrDefault(key, 0)))
        .orElse(OptionalInt.empty());
  }

  private static Optional<Refusal> missing(Image image, List<Edit> edits) {
    return edits.stream()
        .filter(edit -> edit instanceof Edit.Delete && image.object(edit.key()).isEmpty())
        .findFirst()
        .map(edit -> new Refusal.NotFound(edit.key()));
  }

  private static Optional<Refusal> plan(Plan plan, SortedEdits edits, Ids ids) {
    return UniverseEdits.put(plan, edits.universes())
        .or(() -> PoolEdits.plan(plan, edits.pools(), edits.poolsGone()))
        .or(() -> GroupEdits.put(plan, edits.groups()))
        .or(() -> PolicyEdits.delete(plan, edits.policiesGone()))
        .or(() -> EndpointEdits.delete(plan, edits.endpointsGone()))
        .or(() -> new EndpointEdits(plan, edits.endpoints(), ids).put())
        .or(() -> PolicyEdits.put(plan, edits.policies()))
        .or(() -> GroupEdits.delete(plan, edits.groupsGone()))
        .or(() -> HostEdits.plan(plan, edits.hosts(), edits.hostsGone()))
        .or(
            () -> {
              plan.retireLeft();
              return UniverseEdits.delete(plan, edits.universesGone());
            })
        .or(() -> UniverseEdits.check(plan, edits.universes()))
        .or(() -> PoolEdits.check(plan, edits.pools(), edits.poolsGone()));
  }
}
