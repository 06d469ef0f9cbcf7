package io.fynbos.policy.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.policy.RandomImages;
import io.fynbos.policy.model.Revision;
import io.fynbos.policy.wire.Changes;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void anImageAfterManyChangesEqualsOneRebuiltFromItsObjectsAlone(long seed) {
    RandomImages random = RandomImages.complete(seed);
    Image image = random.image(RandomImages.Size.SMALL);
    for (int i = 0; i < 400; i++) {
      image = random.next(image);
      if (i % 20 == 0) {
        Image rebuilt = Snapshot.replay(Snapshot.of(image), image.revision());
        assertThat(rebuilt).as("seed %d, step %d", seed, i).isEqualTo(image);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void theStoredFormOfChangesReplaysToTheSameImage(long seed) throws Exception {
    RandomImages random = RandomImages.complete(seed);
    Image image = random.image(RandomImages.Size.SMALL);
    SortedMap<Revision, List<Change>> stored = new TreeMap<>();
    for (var commit : Snapshot.of(image).entrySet()) {
      stored.put(commit.getKey(), Changes.decode(Changes.encode(commit.getValue())));
    }
    Image replayed = Snapshot.replay(stored, image.revision());
    for (int i = 0; i < 300; i++) {
      List<Change> changes = random.changes(image);
      List<Change> decoded = Changes.decode(Changes.encode(changes));
      assertThat(decoded).as("seed %d, step %d", seed, i).isEqualTo(changes);
      image = image.apply(changes, image.revision().next());
      replayed = replayed.apply(decoded, replayed.revision().next());
    }
    assertThat(replayed).isEqualTo(image);
  }
}
