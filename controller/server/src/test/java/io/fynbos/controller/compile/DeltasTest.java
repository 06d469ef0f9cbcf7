package io.fynbos.controller.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.policy.RandomImages;
import io.fynbos.policy.RandomImages.Size;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Action;
import io.fynbos.policy.model.AppliesTo;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Peer;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.Rule;
import io.fynbos.policy.model.Service;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The full compile is the definition; what a change makes of the tables must equal it. */
class DeltasTest {
  private static final int STEPS = 40;

  /** The last image that was compiled in full, which is the next step's first, and its tables. */
  private Image compiled = Image.EMPTY;

  private SortedMap<HostName, SwitchTables> tables = new TreeMap<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void aChangeMakesOfTheTablesWhatTheFullCompileDoes(long seed) {
    RandomImages random = RandomImages.complete(seed);
    Image before = random.image(seed % 2 == 0 ? Size.SMALL : Size.MEDIUM);
    for (int step = 0; step < STEPS; step++) {
      List<Change> changes = random.changes(before);
      Image after = before.apply(changes, before.revision().next());
      leadsTo(before, after, changes, "seed %d step %d".formatted(seed, step));
      before = after;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16})
  void soDoManyChangesAtOnceInWhateverOrderTheyAreNamed(long seed) {
    RandomImages random = RandomImages.complete(seed);
    Random shuffle = new Random(seed);
    Image before = random.image(seed % 2 == 0 ? Size.SMALL : Size.MEDIUM);
    for (int step = 0; step < STEPS / 6; step++) {
      List<Change> changes = new ArrayList<>();
      Image after = before;
      for (int commit = 0; commit < 6; commit++) {
        List<Change> next = random.changes(after);
        after = after.apply(next, after.revision().next());
        changes.addAll(next);
      }
      Collections.shuffle(changes, shuffle);
      leadsTo(before, after, changes, "seed %d step %d".formatted(seed, step));
      before = after;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24, 25, 26})
  void andWhatIsRevertedLeavesNoTrace(long seed) {
    RandomImages random = RandomImages.complete(seed);
    Image first = random.image(Size.SMALL);
    List<Change> changes = new ArrayList<>();
    Image last = first;
    for (int step = 0; step < STEPS / 3; step++) {
      List<Change> next = random.changes(last);
      Image after = last.apply(next, last.revision().next());
      leadsTo(after, last, next, "reverted, seed %d step %d".formatted(seed, step));
      changes.addAll(next);
      last = after;
    }
    leadsTo(last, first, changes, "all reverted, seed " + seed);
  }

  @ParameterizedTest
  @ValueSource(longs = {31, 32, 33, 34, 35, 36, 37, 38})
  void soDoesOneThingChangedInAPolicy(long seed) {
    Random random = new Random(seed);
    Image before = RandomImages.complete(seed).image(seed % 2 == 0 ? Size.SMALL : Size.MEDIUM);
    for (int step = 0; step < STEPS; step++) {
      List<PolicyRef> refs = List.copyOf(before.policies().keySet());
      PolicyRef ref = refs.get(random.nextInt(refs.size()));
      Policy edited = edited(before, before.policy(ref).orElseThrow(), random);
      List<Change> changes = List.of(new Change.PolicyPut(edited, before.number(ref)));
      Image after = before.apply(changes, before.revision().next());
      leadsTo(before, after, changes, "seed %d step %d".formatted(seed, step));
      before = after;
    }
  }

  private static Policy edited(Image image, Policy policy, Random random) {
    List<Rule> rules = new ArrayList<>(policy.rules());
    AppliesTo to = policy.appliesTo();
    int at = random.nextInt(rules.size());
    Rule rule = rules.get(at);
    List<GroupRef> groups =
        policy.ref().universe().isPresent()
            ? List.copyOf(image.groupsOf(policy.ref().universe().get()))
            : List.copyOf(image.groups().keySet());
    GroupRef group = groups.get(random.nextInt(groups.size()));
    switch (random.nextInt(8)) {
      case 0 ->
          rules.set(at, with(rule, rule.peers(), List.of(Fabric.tcp("" + random.nextInt(99)))));
      case 1 -> rules.set(at, with(rule, rule.peers(), List.of()));
      case 2 -> rules.set(at, with(rule, List.of(new Peer.Group(group)), rule.services()));
      case 3 -> {
        List<Peer> more = new ArrayList<>(rule.peers());
        Peer peer =
            random.nextBoolean() ? new Peer.Group(group) : Fabric.peers("10.0.0.0/30").get(0);
        if (!more.remove(peer)) {
          more.add(peer);
        }
        rules.set(at, with(rule, more, rule.services()));
      }
      case 4 -> rules.add(random.nextInt(rules.size() + 1), rule);
      case 5 -> {
        if (rules.size() > 1) {
          rules.remove(at);
        }
      }
      case 6 -> {
        List<GroupRef> others = new ArrayList<>(to.groups());
        if (!others.remove(group)) {
          others.add(group);
        }
        to = new AppliesTo(to.universes(), others);
      }
      default ->
          rules.set(
              at,
              new Rule(
                  rule.direction(),
                  random.nextBoolean() ? Action.DENY : Action.ALLOW,
                  OptionalInt.of(random.nextInt(3)),
                  rule.peers(),
                  rule.services(),
                  rule.log(),
                  rule.stage()));
    }
    return new Policy(policy.ref(), policy.tier(), policy.order(), policy.stage(), to, rules);
  }

  private static Rule with(Rule rule, List<Peer> peers, List<Service> services) {
    return new Rule(
        rule.direction(), rule.action(), rule.order(), peers, services, rule.log(), rule.stage());
  }

  private void leadsTo(Image before, Image after, List<Change> changes, String what) {
    SortedMap<HostName, Delta> deltas = EdgeCompiler.deltas(before, after, changes);
    SortedMap<HostName, SwitchTables> old =
        before.equals(compiled) ? tables : EdgeCompiler.full(before);
    SortedMap<HostName, SwitchTables> next = EdgeCompiler.full(after);
    compiled = after;
    tables = next;
    TreeSet<HostName> hosts = new TreeSet<>(old.keySet());
    hosts.addAll(next.keySet());
    hosts.addAll(deltas.keySet());
    for (HostName host : hosts) {
      SwitchTables from = old.getOrDefault(host, SwitchTables.EMPTY);
      SwitchTables to = next.getOrDefault(host, SwitchTables.EMPTY);
      Delta delta = deltas.getOrDefault(host, Delta.NONE);
      Delta expected = Delta.between(from.flows(), to.flows());
      String about = "%s, host %s, changes %s".formatted(what, host, changes);
      assertThat(delta.put()).as(about).containsExactlyInAnyOrderElementsOf(expected.put());
      assertThat(delta.removed()).as(about).containsExactlyInAnyOrderElementsOf(expected.removed());
      assertThat(from.with(delta).flows()).isEqualTo(to.sorted());
    }
  }
}
