package io.fynbos.controller.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.policy.RandomImages;
import io.fynbos.policy.RandomImages.Size;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.HostName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The full compile is the definition; what a change makes of the tables must equal it. */
class DeltasTest {
  private static final int STEPS = 60;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void aChangeMakesOfTheTablesWhatTheFullCompileDoes(long seed) {
    RandomImages random = new RandomImages(seed);
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
    RandomImages random = new RandomImages(seed);
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
    RandomImages random = new RandomImages(seed);
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

  private static void leadsTo(Image before, Image after, List<Change> changes, String what) {
    SortedMap<HostName, Delta> deltas = EdgeCompiler.deltas(before, after, changes);
    SortedMap<HostName, SwitchTables> old = EdgeCompiler.full(before);
    SortedMap<HostName, SwitchTables> next = EdgeCompiler.full(after);
    TreeSet<HostName> hosts = new TreeSet<>(old.keySet());
    hosts.addAll(next.keySet());
    hosts.addAll(deltas.keySet());
    for (HostName host : hosts) {
      SwitchTables from = old.getOrDefault(host, SwitchTables.EMPTY);
      SwitchTables to = next.getOrDefault(host, SwitchTables.EMPTY);
      Delta delta = deltas.getOrDefault(host, Delta.NONE);
      Delta expected = Delta.between(from.flows(), to.flows());
      String about = "%s, host %s, changes %s".formatted(what, host, changes);
      assertThat(delta.put()).as(about).containsExactlyElementsOf(expected.put());
      assertThat(delta.removed()).as(about).containsExactlyElementsOf(expected.removed());
      assertThat(from.with(delta).flows()).isEqualTo(to.sorted());
    }
  }
}
