package io.fynbos.controller.reconcile;

import io.fynbos.controller.pipeline.Cookie;
import io.fynbos.openflow.session.SwitchSession;
import io.fynbos.openflow.wire.FlowStats;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.HostName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Reads what the rules of one switch have counted: when somebody asks, at most once a second, and
 * just before flows are changed, since a flow's count goes with it. Lives on the fleet's thread.
 */
final class RuleCounts {

  /** How old an answer may be. */
  static final Duration FRESH = Duration.ofSeconds(1);

  /** Rules that are read one by one; when more change, all are read at once. */
  static final int RULES_READ_MAX = 16;

  /** The kinds of flows that count for a rule. */
  private static final List<Cookie.Kind> KINDS =
      List.of(Cookie.Kind.RULE, Cookie.Kind.AUDIT_DIFFERS);

  /** Owner and kind of a cookie. */
  private static final long KIND_MASK = 0xffffL << 48;

  private static final long ALL_BITS = -1;

  private final HostName host;
  private final HostSwitch.Surroundings fleet;
  private Optional<CompletableFuture<Void>> underWay = Optional.empty();
  private Optional<Long> readNanos = Optional.empty();

  RuleCounts(HostName host, HostSwitch.Surroundings fleet) {
    this.host = host;
    this.fleet = fleet;
  }

  /** Completes when what was counted is known, as of a second ago at most. */
  CompletableFuture<Void> fresh(SwitchSession session, Image installed) {
    if (underWay.isPresent()) {
      return underWay.get();
    }
    if (readNanos.filter(at -> System.nanoTime() - at < FRESH.toNanos()).isPresent()) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> done = new CompletableFuture<>();
    underWay = Optional.of(done);
    fleet.await(
        all(session),
        (flows, failure) -> {
          underWay = Optional.empty();
          if (flows.isPresent()) {
            take(installed, flows.get());
            done.complete(null);
          } else {
            done.completeExceptionally(failure.orElseThrow());
          }
        });
    return done;
  }

  /** The switch was read whole, for whatever reason. */
  void take(Image installed, Collection<FlowStats> flows) {
    readNanos = Optional.of(System.nanoTime());
    fleet.counts().counted(host, installed, flows, true);
  }

  /**
   * Asks for what is about to change; the answer comes before the switch makes the change.
   *
   * @param cookies of the flows that will go or be replaced
   */
  void beforeChange(SwitchSession session, Image installed, Set<Long> cookies) {
    boolean each = cookies.size() <= RULES_READ_MAX;
    List<CompletableFuture<List<FlowStats>>> answers =
        each
            ? cookies.stream().map(cookie -> session.flows(cookie, ALL_BITS)).toList()
            : List.of(all(session));
    for (CompletableFuture<List<FlowStats>> answer : answers) {
      fleet.await(
          answer,
          (flows, failure) ->
              flows.ifPresent(found -> fleet.counts().counted(host, installed, found, !each)));
    }
  }

  /** Whether a flow with this cookie counts for a rule. */
  static boolean counting(long cookie) {
    return Cookie.of(cookie).filter(known -> KINDS.contains(known.kind())).isPresent();
  }

  private static CompletableFuture<List<FlowStats>> all(SwitchSession session) {
    CompletableFuture<List<FlowStats>> all = CompletableFuture.completedFuture(List.of());
    for (Cookie.Kind kind : KINDS) {
      all =
          all.thenCombine(
              session.flows(new Cookie(kind, 0).value(), KIND_MASK), RuleCounts::joined);
    }
    return all;
  }

  private static List<FlowStats> joined(List<FlowStats> some, List<FlowStats> more) {
    List<FlowStats> both = new ArrayList<>(some);
    both.addAll(more);
    return both;
  }
}
