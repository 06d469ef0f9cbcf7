package io.fynbos.policy.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.policy.SeededIds;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Action;
import io.fynbos.policy.model.Document;
import io.fynbos.policy.model.Document.EndpointDocument;
import io.fynbos.policy.model.Edit;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.GroupName;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.Internet;
import io.fynbos.policy.model.Prefix;
import io.fynbos.policy.model.SecurityGroup;
import io.fynbos.policy.model.Universe;
import io.fynbos.policy.model.UniverseName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePSet;

/** A fabric of 100,000 endpoints, half of them in one universe. */
class LargeFabricTest {
  private static final int ENDPOINTS = 100_000;

  /**
   * Far above what a change takes (tens of microseconds), far below what copying the image would.
   */
  private static final long MEDIAN_NANOS_MAX = 3_000_000;

  private static final SeededIds IDS = new SeededIds(1);

  private static Image commit(Image image, Command command) {
    Decision decision = Decider.decide(image, command, IDS);
    List<Change> changes = ((Decision.Accepted) decision).changes();
    assertThat(changes).isNotEmpty();
    return image.apply(changes, image.revision().next());
  }

  private static EndpointDocument endpoint(String universe, String name, int group) {
    return new EndpointDocument(
        EndpointRef.of(universe, name),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        TreePSet.singleton(new GroupName("g" + group)),
        List.of());
  }

  private static Image large() {
    List<Edit> ground = new ArrayList<>();
    for (String name : List.of("big", "small")) {
      List<Prefix> prefixes = List.of(Prefix.parse("10.0.0.0/8"), Prefix.parse("fd00:7::/64"));
      Universe universe =
          new Universe(
              new UniverseName(name), prefixes, Action.DENY, Action.ALLOW, false, Internet.NONE);
      ground.add(new Edit.Put(universe.document()));
      for (int i = 0; i < 100; i++) {
        GroupRef group = GroupRef.of(name, "g" + i);
        ground.add(new Edit.Put(new Document.GroupDocument(new SecurityGroup(group))));
      }
    }
    Image image = commit(Image.EMPTY, new Command.Batch(ground));
    for (int from = 0; from < ENDPOINTS; from += 10_000) {
      List<Edit> edits = new ArrayList<>();
      for (int i = from; i < from + 10_000; i++) {
        edits.add(new Edit.Put(endpoint(i % 2 == 0 ? "big" : "small", "e" + i, i % 100)));
      }
      image = commit(image, new Command.Batch(edits));
    }
    return image;
  }

  @Test
  void oneChangeTakesNoTimeWorthMentioning() {
    Image image = large();
    long[] nanos = new long[1001];
    for (int i = 0; i < nanos.length; i++) {
      long start = System.nanoTime();
      image = commit(image, new Command.Put(endpoint("big", "new" + i, i % 100)));
      image = commit(image, new Command.Put(endpoint("big", "new" + i, (i + 1) % 100)));
      image = commit(image, new Command.Delete(EndpointRef.of("big", "e" + 2 * i)));
      nanos[i] = (System.nanoTime() - start) / 3;
    }
    Arrays.sort(nanos);
    assertThat(nanos[nanos.length / 2]).isLessThan(MEDIAN_NANOS_MAX);
    assertThat(image.endpoints()).hasSize(ENDPOINTS);
  }
}
