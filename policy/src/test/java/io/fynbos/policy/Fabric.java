package io.fynbos.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fynbos.policy.decide.Command;
import io.fynbos.policy.decide.Decider;
import io.fynbos.policy.decide.Decision;
import io.fynbos.policy.decide.Refusal;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.wire.Documents;
import io.fynbos.policy.wire.WireError;
import java.util.List;

/** An image that tests change by documents and commands, as the controller does. */
public final class Fabric {
  private final SeededIds ids = new SeededIds(1);
  private Image image = Image.EMPTY;

  /** A fabric after the documents. */
  public static Fabric of(String documents) {
    return new Fabric().apply(documents);
  }

  public Image image() {
    return image;
  }

  /** Applies documents, which must be accepted. */
  public Fabric apply(String documents) {
    commit(batch(documents));
    return this;
  }

  /** Carries the command out, which must be accepted; answers its changes. */
  public List<Change> commit(Command command) {
    Decision decision = decide(command);
    if (decision instanceof Decision.Accepted accepted) {
      image = image.apply(accepted.changes(), image.revision().next());
      return accepted.changes();
    }
    throw new AssertionError("refused: " + ((Decision.Refused) decision).refusal().message());
  }

  /** The refusal of documents, which must be refused. */
  public Refusal refuse(String documents) {
    return refuse(batch(documents));
  }

  public Refusal refuse(Command command) {
    Decision decision = decide(command);
    if (decision instanceof Decision.Refused refused) {
      return refused.refusal();
    }
    throw new AssertionError("accepted: " + decision);
  }

  public Decision decide(Command command) {
    return Decider.decide(image, command, ids);
  }

  public static Command batch(String documents) {
    try {
      return new Command.Batch(Documents.parse(documents.getBytes(UTF_8)));
    } catch (WireError e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }
}
