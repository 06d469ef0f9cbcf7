package io.fynbos.policy.reach;

import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Action;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.reach.Finding.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What policies and groups say in vain, judged by the endpoints that there are.
 *
 * @param findings by object, then by rule
 * @param more how many findings there are besides
 * @param leftOut universes that have too many unlike endpoints for their rules to be looked at
 */
public record Lint(List<Finding> findings, long more, List<UniverseName> leftOut) {
  /** How many findings are listed at most. */
  public static final int FINDINGS_MAX = 1000;

  private static final int NAMED_MAX = 3;

  public Lint {
    findings = List.copyOf(findings);
    leftOut = List.copyOf(leftOut);
  }

  /** Findings about everything; whether rules are hit is not known. */
  public static Lint of(Image image) {
    return of(image, ref -> OptionalLong.empty());
  }

  /**
   * Findings about everything.
   *
   * @param hits how many packets a rule has matched, where that is known
   */
  public static Lint of(Image image, Function<RuleRef, OptionalLong> hits) {
    Run run = new Run(image, hits);
    image.universes().keySet().forEach(universe -> run.inspection.add(image, universe));
    run.rules(image.policies().keySet());
    run.groups(image.groups().keySet());
    return run.lint();
  }

  /**
   * Findings about the policies and groups of one universe; fabric-wide ones are not among them.
   */
  public static Lint of(Image image, UniverseName universe, Function<RuleRef, OptionalLong> hits) {
    Run run = new Run(image, hits);
    run.inspection.add(image, universe);
    run.rules(image.policiesOf(universe));
    run.groups(image.groupsOf(universe));
    return run.lint();
  }

  /** The findings so far. */
  private static final class Run {
    private final Image image;
    private final Function<RuleRef, OptionalLong> hits;
    private final Inspection inspection = new Inspection();
    private final List<Finding> findings = new ArrayList<>();

    Run(Image image, Function<RuleRef, OptionalLong> hits) {
      this.image = image;
      this.hits = hits;
    }

    Lint lint() {
      findings.sort(
          Comparator.comparing((Finding finding) -> finding.about().sentence())
              .thenComparing(finding -> finding.rule().map(RuleRef::rule).orElse(-1))
              .thenComparing(Finding::kind));
      int listed = Math.min(findings.size(), FINDINGS_MAX);
      return new Lint(
          findings.subList(0, listed),
          findings.size() - listed,
          List.copyOf(inspection.tooLarge()));
    }

    private void add(Kind kind, RuleRef rule, Collection<RuleRef> others, String sentence) {
      findings.add(
          new Finding(kind, rule.policy(), Optional.of(rule), List.copyOf(others), sentence));
    }

    void rules(Collection<PolicyRef> refs) {
      Set<PolicyRef> wanted = new TreeSet<>(refs);
      for (PolicyRef ref : wanted) {
        Policy policy = image.policy(ref).orElseThrow();
        boolean unseen =
            !inspection.tooLarge().isEmpty()
                && (ref.universe().isEmpty()
                    || inspection.tooLarge().contains(ref.universe().get()));
        if (!unseen) {
          rules(policy);
        }
        for (int i = 0; i < policy.rules().size(); i++) {
          neverHit(new RuleRef(ref, i));
        }
      }
      inspection
          .contradictions()
          .forEach(
              (contradiction, services) -> {
                if (wanted.contains(contradiction.allows().policy())
                    || wanted.contains(contradiction.denies().policy())) {
                  contradicts(contradiction, services);
                }
              });
    }

    private void rules(Policy policy) {
      List<RuleRef> refs = new ArrayList<>();
      for (int i = 0; i < policy.rules().size(); i++) {
        refs.add(new RuleRef(policy.ref(), i));
      }
      if (!refs.isEmpty() && refs.stream().noneMatch(ref -> seen(ref).applies())) {
        findings.add(
            new Finding(
                Kind.APPLIES_TO_NOBODY,
                policy.ref(),
                Optional.empty(),
                List.of(),
                "policy %s applies to no endpoint; put endpoints into the groups of its appliesTo, or delete it"
                    .formatted(policy.ref())));
        return;
      }
      for (RuleRef ref : refs) {
        Inspection.Seen seen = seen(ref);
        if (!seen.matches()) {
          add(
              Kind.MATCHES_NOTHING,
              ref,
              List.of(),
              "%s matches nothing: no endpoint that it applies to has a peer that it names; name other peers, or delete it"
                  .formatted(ref));
        } else if (!seen.decides() && !seen.shadows().isEmpty()) {
          add(
              Kind.SHADOWED,
              ref,
              seen.shadows(),
              "%s decides nothing: wherever it matches, %s %s first; give it a smaller order, or delete it"
                  .formatted(
                      ref, listing(seen.shadows()), seen.shadows().size() == 1 ? "comes" : "come"));
        }
      }
    }

    private Inspection.Seen seen(RuleRef ref) {
      return Objects.requireNonNullElseGet(inspection.seen().get(ref), Inspection.Seen::new);
    }

    private void neverHit(RuleRef ref) {
      OptionalLong packets = hits.apply(ref);
      if (packets.isPresent() && packets.getAsLong() == 0) {
        add(
            Kind.NEVER_HIT,
            ref,
            List.of(),
            "%s has matched no packet since it is counted; see whether it is still needed"
                .formatted(ref));
      }
    }

    private void contradicts(Inspection.Contradiction found, ServiceSet services) {
      Policy policy = image.policy(found.denies().policy()).orElseThrow();
      Action winner = policy.rules().get(found.denies().rule()).action();
      add(
          Kind.CONTRADICTION,
          found.allows(),
          List.of(found.denies()),
          "%s allows %s that %s %s, both in tier %s at order %d, where %s wins; give one of them another order, or narrow it"
              .formatted(
                  found.allows(),
                  services,
                  found.denies(),
                  winner == Action.REJECT ? "rejects" : "denies",
                  found.tier(),
                  found.order(),
                  winner));
    }

    void groups(Collection<GroupRef> refs) {
      for (GroupRef ref : refs) {
        int members = image.endpointsOf(ref).size();
        Set<PolicyRef> naming = new LinkedHashSet<>(image.policiesNaming(ref));
        if (naming.isEmpty()) {
          add(
              Kind.UNUSED_GROUP,
              ref,
              "group %s has %s and no policy names it; write a policy about it, or delete it"
                  .formatted(ref, members == 1 ? "1 member" : members + " members"));
        } else if (members == 0) {
          add(
              Kind.EMPTY_GROUP,
              ref,
              "group %s has no members, and %s %s it; put endpoints into it, or take it out there"
                  .formatted(
                      ref,
                      listing(naming.stream().map(policy -> "policy " + policy).toList()),
                      naming.size() == 1 ? "names" : "name"));
        }
      }
    }

    private void add(Kind kind, GroupRef about, String sentence) {
      findings.add(new Finding(kind, about, Optional.empty(), List.of(), sentence));
    }

    private static String listing(Collection<?> things) {
      int more = things.size() - NAMED_MAX;
      String first =
          things.stream().limit(NAMED_MAX).map(Object::toString).collect(Collectors.joining(", "));
      return more > 0 ? first + " and %d more".formatted(more) : first;
    }
  }
}
