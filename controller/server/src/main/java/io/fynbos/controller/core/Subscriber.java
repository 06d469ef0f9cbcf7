package io.fynbos.controller.core;

/** Hears of each publication on the event thread, so it only takes note and returns. */
public interface Subscriber {
  void published(Publication publication);
}
