package io.fynbos.policy.decide;

import io.fynbos.policy.identity.Allocation;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Identity;
import io.fynbos.policy.model.Revision;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The changes of one decision so far, and the image that they lead to. It lives no longer than the
 * decision.
 */
final class Plan {
  private final Image before;
  private final Revision revision;
  private final List<Change> changes = new ArrayList<>();
  private final Set<Identity> left = new TreeSet<>();
  private Image image;

  Plan(Image before) {
    this.before = before;
    this.revision = before.revision().next();
    this.image = before;
  }

  /** The image that the command found. */
  Image before() {
    return before;
  }

  /** The image as it is after the changes so far. */
  Image image() {
    return image;
  }

  /** The revision that the changes may get. */
  Revision revision() {
    return revision;
  }

  void add(Change change) {
    changes.add(change);
    image = change.applyTo(image, revision);
  }

  void addAll(List<Change> more) {
    more.forEach(this::add);
  }

  /** Notes that an endpoint has given the identity up. */
  void leave(Identity identity) {
    left.add(identity);
  }

  /** Lays identities to rest that nobody has any more. */
  void retireLeft() {
    addAll(Allocation.retire(image, left));
  }

  Decision accept() {
    return new Decision.Accepted(changes);
  }
}
