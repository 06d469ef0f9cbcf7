package io.fynbos.labs.cases;

import io.fynbos.policy.decide.Command;
import io.fynbos.policy.decide.Decider;
import io.fynbos.policy.decide.Decision;
import io.fynbos.policy.decide.Ids;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.image.Versioned;
import io.fynbos.policy.model.Document;
import io.fynbos.policy.model.Edit;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.Mac;
import io.fynbos.policy.model.ObjectKey;
import io.fynbos.policy.model.Revision;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A set of documents, each object once: all that a fabric is told. */
public final class World {
  public static final World EMPTY = new World(Map.of());

  private final Map<ObjectKey, Document> documents;

  private World(Map<ObjectKey, Document> documents) {
    this.documents = documents;
  }

  /** This world after these edits. */
  public World with(List<Edit> edits) {
    Map<ObjectKey, Document> after = new LinkedHashMap<>(documents);
    for (Edit edit : edits) {
      after.remove(edit.key());
      if (edit instanceof Edit.Put put) {
        after.put(put.key(), put.document());
      }
    }
    return new World(after);
  }

  /** What makes this world of that one, in as few edits as it takes. */
  public List<Edit> since(World before) {
    List<Edit> edits = new ArrayList<>();
    before.documents.keySet().stream()
        .filter(key -> !documents.containsKey(key))
        .forEach(gone -> edits.add(new Edit.Delete(gone)));
    documents.forEach(
        (key, document) -> {
          if (!document.equals(before.documents.get(key))) {
            edits.add(new Edit.Put(document));
          }
        });
    return edits;
  }

  /** All of it, as edits of an empty fabric. */
  public List<Edit> edits() {
    return since(EMPTY);
  }

  /**
   * The image of a fabric that was told this.
   *
   * @throws CaseException when a fabric would refuse it
   */
  public Image image(String place) {
    if (documents.isEmpty()) {
      return Image.EMPTY;
    }
    Decision decision = Decider.decide(Image.EMPTY, new Command.Batch(edits()), new CountedIds());
    if (decision instanceof Decision.Accepted accepted) {
      return Image.EMPTY.apply(accepted.changes(), new Revision(1));
    }
    throw new CaseException(place, ((Decision.Refused) decision).refusal().message());
  }

  /** The endpoints of an image, in its order. */
  static List<Endpoint> endpoints(Image image) {
    return image.endpoints().values().stream().map(Versioned::value).toList();
  }

  /** What nobody compares may be anything, as long as it is unique. */
  private static final class CountedIds implements Ids {
    private long next = 1;

    @Override
    public UUID uuid() {
      return new UUID(0x4000L, Long.MIN_VALUE | next++);
    }

    @Override
    public Mac mac() {
      return new Mac(0x02_00_00_00_00_00L | next++);
    }
  }
}
