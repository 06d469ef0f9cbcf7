package io.fynbos.controller.rules;

import io.fynbos.controller.core.Publication;
import io.fynbos.controller.core.Subscriber;
import io.fynbos.controller.pipeline.Cookie;
import io.fynbos.openflow.wire.FlowKey;
import io.fynbos.openflow.wire.FlowStats;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.Rule;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Adds up, rule by rule, what the flows of all switches have counted. A flow that is replaced, and
 * a switch that starts anew, begin at nought again: what they had counted stays counted. A rule
 * keeps its count while it stands in its policy, wherever in it; the count goes with the rule.
 *
 * <p>Callable from any thread.
 */
public final class HitCounters implements Subscriber {

  /** What a flow had counted when it was last seen, and how long it had been there. */
  private record Seen(long packets, long bytes, Duration age) {
    static final Seen NOTHING = new Seen(0, 0, Duration.ZERO);
  }

  /** A flow's age as the switch tells it, in whole seconds at worst. */
  private static final Duration AGE_SLACK = Duration.ofSeconds(2);

  private final RuleNames names;
  private final InstantSource clock;
  private final Map<HostName, Map<FlowKey, Seen>> seen = new HashMap<>();
  private final Map<PolicyRef, Map<Rule, Hits>> hits = new HashMap<>();
  private Hits total = Hits.NONE;

  /** The image as it is by now; empty until the first change. */
  private Optional<Image> newest = Optional.empty();

  /** Nothing has been counted. */
  public HitCounters(RuleNames names, InstantSource clock) {
    this.names = names;
    this.clock = clock;
  }

  /**
   * Takes what a switch has counted.
   *
   * @param image whose tables the switch held when it was asked
   * @param all whether these are all flows of rules; else only some, about to be taken away
   */
  public synchronized void observe(
      HostName host, Image image, Collection<FlowStats> flows, boolean all) {
    Image now = newest.orElse(image);
    Map<FlowKey, Seen> before = seen.computeIfAbsent(host, none -> new HashMap<>());
    Map<FlowKey, Seen> after = all ? new HashMap<>() : before;
    Instant at = clock.instant();
    for (FlowStats flow : flows) {
      Optional<Cookie> cookie = Cookie.of(flow.flow().cookie()).filter(HitCounters::ofRule);
      if (cookie.isEmpty() || flow.packets() == 0) {
        continue;
      }
      FlowKey key = flow.flow().key();
      Seen last = before.getOrDefault(key, Seen.NOTHING);
      after.put(key, new Seen(flow.packets(), flow.bytes(), flow.age()));
      boolean anew =
          flow.packets() < last.packets() || flow.age().plus(AGE_SLACK).compareTo(last.age()) < 0;
      Seen base = anew ? Seen.NOTHING : last;
      if (flow.packets() > base.packets()) {
        names
            .rule(image, cookie.get())
            .ifPresent(rule -> count(now, rule, cookie.get(), flow, base, at));
      }
    }
    seen.put(host, after);
  }

  private static boolean ofRule(Cookie cookie) {
    return cookie.kind() == Cookie.Kind.RULE || cookie.kind() == Cookie.Kind.AUDIT_DIFFERS;
  }

  private void count(
      Image now, NamedRule rule, Cookie cookie, FlowStats flow, Seen base, Instant at) {
    long packets = flow.packets() - base.packets();
    long bytes = flow.bytes() - base.bytes();
    Hits more =
        cookie.kind() == Cookie.Kind.AUDIT_DIFFERS
            ? new Hits(0, 0, Optional.empty(), packets, bytes)
            : new Hits(packets, bytes, Optional.of(at.minus(flow.idle())), 0, 0);
    total = total.plus(more);
    // A switch may tell of a rule that is gone by now.
    if (now.policy(rule.policy()).filter(p -> p.rules().contains(rule.rule())).isPresent()) {
      hits.computeIfAbsent(rule.policy(), none -> new HashMap<>())
          .merge(rule.rule(), more, Hits::plus);
    }
  }

  /** What the rules of a policy have counted, in their order; nothing for a policy that is gone. */
  public synchronized List<Hits> of(Image image, PolicyRef policy) {
    Map<Rule, Hits> counted = hits.getOrDefault(policy, Map.of());
    return image
        .policy(policy)
        .map(found -> found.rules().stream().map(r -> counted.getOrDefault(r, Hits.NONE)).toList())
        .orElse(List.of());
  }

  /** All that was counted since the start, also of rules that are gone. */
  public synchronized Hits total() {
    return total;
  }

  @Override
  public synchronized void published(Publication publication) {
    newest = Optional.of(publication.after());
    for (Change change : publication.changes()) {
      if (change instanceof Change.PolicyDeleted gone) {
        hits.remove(gone.ref());
      } else if (change instanceof Change.PolicyPut put) {
        Map<Rule, Hits> counted = hits.get(put.policy().ref());
        if (counted != null) {
          Set<Rule> kept = new HashSet<>(put.policy().rules());
          counted.keySet().retainAll(kept);
        }
      } else if (change instanceof Change.HostDeleted gone) {
        seen.remove(gone.name());
      }
    }
  }
}
