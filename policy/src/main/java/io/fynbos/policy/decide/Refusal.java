package io.fynbos.policy.decide;

import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.ObjectKey;
import io.fynbos.policy.model.Revision;
import io.fynbos.policy.model.UniverseName;
import java.util.Optional;

/** Why a command is not carried out: a fact, and what to do about it. */
public sealed interface Refusal {
  /** The name of the fact, such as {@code group-in-use}. */
  String type();

  /** The HTTP status that fits. */
  default int status() {
    return 409;
  }

  /** A sentence for whoever asked: what is the case, and what to do. */
  String message();

  /** The object of the command that is refused, when it is one. */
  default Optional<ObjectKey> about() {
    return Optional.empty();
  }

  /** The field of the object's document, when it is one. */
  default Optional<String> field() {
    return Optional.empty();
  }

  /** A refusal that is about one object. */
  sealed interface OfObject extends Refusal
      permits EndpointRefusal,
          FabricRefusal,
          UniverseRefusal,
          AtPath,
          Unprocessable,
          NotFound,
          UnknownUniverse,
          UnknownGroup,
          RevisionDiffers,
          DuplicateName,
          NumbersExhausted {
    ObjectKey key();

    @Override
    default Optional<ObjectKey> about() {
      return Optional.of(key());
    }
  }

  /** A refusal of what one field of the object's document says. */
  non-sealed interface AtPath extends OfObject {
    /** The path of the field. */
    String path();

    @Override
    default Optional<String> field() {
      return Optional.of(path());
    }
  }

  /** A refusal of a document that is well-formed and cannot be (RFC 9110 §15.5.21). */
  non-sealed interface Unprocessable extends OfObject {
    @Override
    default int status() {
      return 422;
    }
  }

  /** A command is about an object that is not there. */
  record NotFound(ObjectKey key) implements OfObject {
    @Override
    public String type() {
      return "not-found";
    }

    @Override
    public int status() {
      return 404;
    }

    @Override
    public String message() {
      return "there is no %s".formatted(key.sentence());
    }
  }

  /** A document names a universe that is not there. */
  record UnknownUniverse(ObjectKey key, UniverseName universe, String path)
      implements OfObject, AtPath, Unprocessable {
    @Override
    public String type() {
      return "unknown-universe";
    }

    @Override
    public String message() {
      return ("%s names universe %s, which does not exist; "
              + "create it first, or in the same apply")
          .formatted(key.sentence(), universe);
    }
  }

  /** A document names a group that is not there. */
  record UnknownGroup(ObjectKey key, GroupRef group, String path)
      implements OfObject, AtPath, Unprocessable {
    @Override
    public String type() {
      return "unknown-group";
    }

    @Override
    public String message() {
      return ("%s names group %s, which does not exist; " + "create it first, or in the same apply")
          .formatted(key.sentence(), group);
    }
  }

  /** The object is not at the revision that the caller expected. */
  record RevisionDiffers(ObjectKey key, Precondition expected, Optional<Revision> found)
      implements OfObject {
    @Override
    public String type() {
      return "revision-differs";
    }

    @Override
    public int status() {
      return 412;
    }

    @Override
    public String message() {
      return ("%s %s, and the condition was %s; " + "read it again and decide anew")
          .formatted(
              key.sentence(),
              found.map(r -> "is at revision " + r).orElse("does not exist"),
              expected.sentence());
    }
  }

  /** Two documents of one call are about the same object. */
  record DuplicateName(ObjectKey key) implements OfObject, Unprocessable {
    @Override
    public String type() {
      return "duplicate-name";
    }

    @Override
    public String message() {
      return "%s is in this call twice; keep one of the two documents".formatted(key.sentence());
    }
  }

  /** Every number of a kind is in use or rests. */
  record NumbersExhausted(ObjectKey key, String what, int max) implements OfObject {
    @Override
    public String type() {
      return "numbers-exhausted";
    }

    @Override
    public int status() {
      return 503;
    }

    @Override
    public String message() {
      return ("%s needs a number, and all %d %s are in use or rest; "
              + "delete what is not needed and wait until every host has applied it")
          .formatted(key.sentence(), max, what);
    }
  }

  /** A list of the command is longer than its bound. */
  record TooMany(String what, int found, int max) implements Refusal {
    @Override
    public String type() {
      return "too-many";
    }

    @Override
    public int status() {
      return 422;
    }

    @Override
    public String message() {
      return "at most %d %s go into one call, and this one has %d; split it"
          .formatted(max, what, found);
    }
  }
}
