package io.fynbos.controller.core;

import io.fynbos.policy.decide.Refusal;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Revision;
import java.util.OptionalInt;
import java.util.function.Function;

/** How a command ended. */
public sealed interface Outcome {

  /** What one of the two functions makes of it. */
  <T> T fold(Function<Done, T> done, Function<Refused, T> refused);

  /** The word for it in a metric. */
  String word();

  /**
   * It is durable. When everything was as asked already, both images are the same.
   *
   * @param before the image that it was decided on
   * @param after the image that it led to
   */
  record Done(Image before, Image after) implements Outcome {
    /** The revision that has all that was asked for. */
    public Revision revision() {
      return after.revision();
    }

    @Override
    public <T> T fold(Function<Done, T> done, Function<Refused, T> refused) {
      return done.apply(this);
    }

    @Override
    public String word() {
      return before.revision().equals(after.revision()) ? "unchanged" : "done";
    }
  }

  /**
   * The decision went against it; nothing changed.
   *
   * @param edit which edit of a batch was refused, counted from 0, when it was one
   */
  record Refused(Refusal refusal, OptionalInt edit) implements Outcome {
    @Override
    public <T> T fold(Function<Done, T> done, Function<Refused, T> refused) {
      return refused.apply(this);
    }

    @Override
    public String word() {
      return "refused";
    }
  }
}
