package io.fynbos.policy.decide;

import io.fynbos.policy.image.Image;

/** The one place where commands are judged. */
public final class Decider {
  private Decider() {}

  /**
   * Judges a command against the image: the changes that carry it out, or a refusal. The same
   * image, command and ids give the same decision.
   */
  public static Decision decide(Image image, Command command, Ids ids) {
    return command.decide(image, ids);
  }
}
