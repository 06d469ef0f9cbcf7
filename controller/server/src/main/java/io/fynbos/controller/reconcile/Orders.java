package io.fynbos.controller.reconcile;

import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Revision;
import io.fynbos.policy.model.UniverseNumber;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * What the agents are asked to do. Only the newest order of each kind is kept, so an agent that is
 * slow or was away gets what counts now.
 *
 * <p>Callable from any thread.
 */
public final class Orders {

  /**
   * To bring the caches in step with a revision.
   *
   * @param universes those that the host has endpoints of by then; what it still tracks of others
   *     is to be forgotten, since their numbers may mean something else soon
   */
  public record Revalidate(Revision revision, SortedSet<UniverseNumber> universes) {
    public Revalidate {
      universes = Collections.unmodifiableSortedSet(new TreeSet<>(universes));
    }
  }

  /**
   * What a host's agent is asked.
   *
   * @param revalidate report once this is done
   * @param asked how often a revalidation was asked for; a higher number is a new order, also for
   *     the same revision
   * @param neighbours the underlay addresses to keep resolved
   */
  public record Standing(Optional<Revalidate> revalidate, long asked, List<IpAddress> neighbours) {
    static final Standing NONE = new Standing(Optional.empty(), 0, List.of());

    public Standing {
      neighbours = List.copyOf(neighbours);
    }
  }

  /** An agent's stream. */
  public interface Follower {
    /** There is something new to pull. */
    void wake();

    /** Another stream of the same host has taken its place. */
    void replaced();
  }

  /** Hears which agents are there, so that hosts without one can be named. */
  interface Presence {
    void agentPresent(HostName host, boolean present);
  }

  private final Map<HostName, Standing> standing = new TreeMap<>();
  private final Map<HostName, Follower> followers = new TreeMap<>();
  private final Questions questions = new Questions(this::present, this::wake);
  private Presence presence = (host, present) -> {};

  /** What the agents are asked once, beside the orders that stand. */
  public Questions questions() {
    return questions;
  }

  synchronized void tell(Presence listener) {
    presence = listener;
  }

  /** The orders of a host as they stand. */
  public synchronized Standing of(HostName host) {
    return standing.getOrDefault(host, Standing.NONE);
  }

  /** Whether the host's agent follows its orders. */
  synchronized boolean present(HostName host) {
    return followers.containsKey(host);
  }

  /** Begins a host's stream; the one before, if any, is told that it is replaced. */
  public void follow(HostName host, Follower follower) {
    Optional<Follower> before;
    Presence listener;
    synchronized (this) {
      before = Optional.ofNullable(followers.put(host, follower));
      listener = presence;
    }
    before.ifPresent(Follower::replaced);
    listener.agentPresent(host, true);
  }

  /** Ends a host's stream, unless another has taken its place. */
  public void leave(HostName host, Follower follower) {
    Presence listener;
    synchronized (this) {
      if (!followers.remove(host, follower)) {
        return;
      }
      listener = presence;
    }
    listener.agentPresent(host, false);
  }

  void revalidate(HostName host, Revision revision, SortedSet<UniverseNumber> universes) {
    Revalidate order = new Revalidate(revision, universes);
    change(
        host, before -> new Standing(Optional.of(order), before.asked() + 1, before.neighbours()));
  }

  void neighbours(HostName host, List<IpAddress> underlays) {
    if (!of(host).neighbours().equals(underlays)) {
      change(host, before -> new Standing(before.revalidate(), before.asked(), underlays));
    }
  }

  private void change(HostName host, UnaryOperator<Standing> step) {
    synchronized (this) {
      standing.put(host, step.apply(of(host)));
    }
    wake(host);
  }

  private void wake(HostName host) {
    Optional<Follower> follower;
    synchronized (this) {
      follower = Optional.ofNullable(followers.get(host));
    }
    follower.ifPresent(Follower::wake);
  }
}
