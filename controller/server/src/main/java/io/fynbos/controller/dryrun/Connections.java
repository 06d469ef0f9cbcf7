package io.fynbos.controller.dryrun;

import io.fynbos.controller.reconcile.Question;
import io.fynbos.controller.reconcile.Questions;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.IdentityEntry;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.Universe;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.model.UniverseNumber;
import io.fynbos.policy.report.HostAnswer;
import io.fynbos.policy.report.TrackedConnection;
import io.fynbos.policy.verdict.End;
import io.fynbos.policy.verdict.Oracle;
import io.fynbos.policy.verdict.Packet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Which open connections a change would end: those that hosts track, judged before and after it.
 */
final class Connections {

  /** Connections that one host is asked for. */
  static final int PER_HOST_MAX = 10_000;

  /** Connections that all hosts together are asked for, beyond a few of each. */
  private static final int ALL_HOSTS_MAX = 100_000;

  private static final int PER_HOST_MIN = 100;

  /** Connections that are named. */
  static final int CUT_MAX = 1_000;

  private final Image before;
  private final Image after;

  /**
   * What was found.
   *
   * @param cut in the order in which hosts named them
   * @param more how many besides those
   * @param unread hosts that could not be asked, and why
   */
  record Found(List<Cut> cut, long more, SortedMap<HostName, String> unread) {}

  Connections(Image before, Image after) {
    this.before = before;
    this.after = after;
  }

  /** The hosts that have endpoints of these universes, and what each answers. */
  SortedMap<HostName, CompletableFuture<HostAnswer>> ask(
      Questions questions, SortedSet<UniverseName> universes) {
    SortedMap<HostName, SortedSet<UniverseNumber>> wanted = new TreeMap<>();
    for (UniverseName universe : universes) {
      if (before.universes().containsKey(universe)) {
        for (HostName host : before.hostsWith(universe)) {
          wanted.computeIfAbsent(host, none -> new TreeSet<>()).add(before.number(universe));
        }
      }
    }
    SortedMap<HostName, CompletableFuture<HostAnswer>> answers = new TreeMap<>();
    int share = ALL_HOSTS_MAX / Math.max(1, wanted.size());
    int limit = Math.max(PER_HOST_MIN, Math.min(PER_HOST_MAX, share));
    wanted.forEach(
        (host, numbers) ->
            answers.put(
                host,
                questions.ask(host, new Question.Connections(numbers, limit), Questions.PATIENCE)));
    return answers;
  }

  /** The universes whose packets may be judged otherwise after some changes. */
  SortedSet<UniverseName> touched(Collection<Change> changes) {
    SortedSet<UniverseName> touched = new TreeSet<>();
    for (Change change : changes) {
      if (change instanceof Change.PolicyPut put) {
        add(Optional.of(put.policy()), touched);
        add(before.policy(put.policy().ref()), touched);
      } else if (change instanceof Change.PolicyDeleted gone) {
        add(before.policy(gone.ref()), touched);
      } else if (change instanceof Change.UniversePut put) {
        touched.add(put.universe().name());
      } else if (change instanceof Change.UniverseDeleted gone) {
        touched.add(gone.name());
      } else if (change instanceof Change.EndpointPut put) {
        touched.add(put.endpoint().universe());
      } else if (change instanceof Change.EndpointDeleted gone) {
        touched.add(gone.ref().universe());
      }
    }
    return touched;
  }

  private void add(Optional<Policy> policy, Set<UniverseName> touched) {
    if (policy.isEmpty()) {
      return;
    }
    PolicyRef ref = policy.get().ref();
    if (ref.universe().isPresent()) {
      touched.add(ref.universe().get());
    } else if (policy.get().appliesTo().universes().isEmpty()) {
      touched.addAll(before.universes().keySet());
    } else {
      touched.addAll(policy.get().appliesTo().universes());
    }
  }

  /** Judges what the hosts answered; all of them have. */
  Found judge(Map<HostName, CompletableFuture<HostAnswer>> answers) {
    List<Cut> cut = new ArrayList<>();
    long more = 0;
    SortedMap<HostName, String> unread = new TreeMap<>();
    Set<TrackedConnection> seen = new HashSet<>();
    for (Map.Entry<HostName, CompletableFuture<HostAnswer>> answer : answers.entrySet()) {
      HostName host = answer.getKey();
      for (TrackedConnection connection : connections(host, answer.getValue(), unread)) {
        Optional<Cut> ends = seen.add(connection) ? judge(host, connection) : Optional.empty();
        if (ends.isPresent() && cut.size() < CUT_MAX) {
          cut.add(ends.get());
        } else if (ends.isPresent()) {
          more++;
        }
      }
    }
    return new Found(cut, more, unread);
  }

  private static List<TrackedConnection> connections(
      HostName host, CompletableFuture<HostAnswer> answer, Map<HostName, String> unread) {
    try {
      if (answer.join() instanceof HostAnswer.Connections found) {
        if (found.truncated()) {
          unread.put(
              host,
              "it tracks more than the "
                  + found.connections().size()
                  + " connections it was asked for");
        }
        return found.connections();
      }
      unread.put(host, "its agent answered something else");
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      unread.put(host, String.valueOf(cause.getMessage()));
    }
    return List.of();
  }

  private Optional<Cut> judge(HostName host, TrackedConnection connection) {
    Optional<UniverseName> universe = universe(connection.zone());
    if (universe.isEmpty()) {
      return Optional.empty();
    }
    Optional<EndpointRef> from = endpoint(universe.get(), connection, true);
    Optional<EndpointRef> to = endpoint(universe.get(), connection, false);
    End source =
        from.<End>map(ref -> new End.OfEndpoint(ref, connection.source()))
            .orElseGet(() -> new End.OfAddress(connection.source()));
    End destination =
        to.<End>map(ref -> new End.OfEndpoint(ref, connection.destination()))
            .orElseGet(() -> new End.OfAddress(connection.destination()));
    Packet opening = new Packet(source, destination, connection.transport());
    boolean kept = before.universe(universe.get()).filter(Universe::keepEstablished).isPresent();
    boolean ends =
        Oracle.judgeTracked(before, opening, kept).allowed()
            && !Oracle.judgeTracked(after, opening, kept).allowed();
    return ends
        ? Optional.of(new Cut(universe.get(), connection, from, to, host))
        : Optional.empty();
  }

  private Optional<EndpointRef> endpoint(
      UniverseName universe, TrackedConnection connection, boolean source) {
    return before
        .endpointAt(universe, source ? connection.source() : connection.destination())
        .map(Endpoint::ref);
  }

  private Optional<UniverseName> universe(int zone) {
    if (zone < UniverseNumber.NUMBER_MIN || zone > UniverseNumber.NUMBER_MAX) {
      return Optional.empty();
    }
    UniverseNumber number = new UniverseNumber(zone);
    return before.identitiesOf(number).stream()
        .findFirst()
        .map(identity -> before.identities().get(identity))
        .map(IdentityEntry::universe)
        .filter(name -> before.universes().containsKey(name))
        .filter(name -> before.number(name).equals(number));
  }
}
