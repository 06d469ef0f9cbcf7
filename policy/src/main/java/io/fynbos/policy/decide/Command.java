package io.fynbos.policy.decide;

import io.fynbos.policy.identity.Allocation;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Document;
import io.fynbos.policy.model.Edit;
import io.fynbos.policy.model.Host;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Mac;
import io.fynbos.policy.model.ObjectKey;
import io.fynbos.policy.model.Revision;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Something that somebody asks of the fabric. */
public sealed interface Command {
  /** Judges this command; see {@link Decider}. */
  Decision decide(Image image, Ids ids);

  /** Makes one object what the document says. Putting what is there already changes nothing. */
  record Put(Document document, Precondition precondition) implements Command {
    public Put(Document document) {
      this(document, Precondition.NONE);
    }

    @Override
    public Decision decide(Image image, Ids ids) {
      return EditDecision.decideOne(image, new Edit.Put(document), precondition, ids);
    }
  }

  /**
   * Takes one object away. A host's bindings go with it, an endpoint's binding too; nothing else
   * does.
   */
  record Delete(ObjectKey key, Precondition precondition) implements Command {
    public Delete(ObjectKey key) {
      this(key, Precondition.NONE);
    }

    @Override
    public Decision decide(Image image, Ids ids) {
      return EditDecision.decideOne(image, new Edit.Delete(key), precondition, ids);
    }
  }

  /**
   * Puts and deletes, all or nothing, judged by the state that they lead to: their order means
   * nothing, and they may name each other's objects.
   */
  record Batch(List<Edit> edits) implements Command {
    public static final int EDITS_MAX = 20_000;

    public Batch {
      edits = List.copyOf(edits);
    }

    /** The batch that takes away whatever the edits are about. */
    public static Batch deleting(List<Edit> edits) {
      return new Batch(edits.stream().<Edit>map(edit -> new Edit.Delete(edit.key())).toList());
    }

    @Override
    public Decision decide(Image image, Ids ids) {
      return EditDecision.decideAll(image, edits, ids);
    }
  }

  /** Makes a host known, or changes its underlay address or datapath id. */
  record RegisterHost(Host host) implements Command {
    @Override
    public Decision decide(Image image, Ids ids) {
      return new Put(new Document.HostDocument(host)).decide(image, ids);
    }
  }

  /**
   * What is attached on a host now. Those that cannot be bound (see {@link Attachment.State}) are
   * left out; they are no reason to refuse the others.
   *
   * @param complete whether everything that is not named has gone from the host
   */
  record SetBindings(HostName host, List<Attachment> attachments, boolean complete)
      implements Command {
    public static final int ATTACHMENTS_MAX = 10_000;

    public SetBindings {
      attachments = List.copyOf(attachments);
    }

    @Override
    public Decision decide(Image image, Ids ids) {
      return Attachments.decide(image, this);
    }
  }

  /** Binds one endpoint to a port of a host, or refuses. */
  record BindEndpoint(UUID id, HostName host, int ofport, Optional<Mac> mac) implements Command {
    @Override
    public Decision decide(Image image, Ids ids) {
      return Attachments.bind(image, host, new Attachment(id, ofport, mac));
    }
  }

  /** Ends the binding of an endpoint to a host; nothing changes when there is none. */
  record UnbindEndpoint(UUID id, HostName host) implements Command {
    @Override
    public Decision decide(Image image, Ids ids) {
      return Attachments.unbind(image, host, id);
    }
  }

  /**
   * An endpoint of a host announced that it has a shared address now. Nothing changes when packets
   * go to it anyway.
   */
  record ClaimAddress(UUID id, HostName host, IpAddress address) implements Command {
    @Override
    public Decision decide(Image image, Ids ids) {
      return Claims.claim(image, this);
    }
  }

  /**
   * Frees all identities and numbers of policies and universes that rest since the revision or
   * longer. To be given only once every host has applied the revision, or is fenced.
   */
  record ReleaseNumbers(Revision applied) implements Command {
    @Override
    public Decision decide(Image image, Ids ids) {
      return new Decision.Accepted(Allocation.release(image, applied));
    }
  }
}
