package io.fynbos.controller.store;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The listeners of a store. Its lock orders the backlog of a new listener before what is new. */
final class Watches {

  private final List<Entry> entries = new ArrayList<>();

  /** One subscription; each is itself only. */
  private static final class Entry {
    private final Consumer<Commit> listener;

    Entry(Consumer<Commit> listener) {
      this.listener = listener;
    }
  }

  synchronized Store.Watch add(List<Commit> backlog, Consumer<Commit> listener) {
    backlog.forEach(listener);
    Entry entry = new Entry(listener);
    entries.add(entry);
    return () -> remove(entry);
  }

  synchronized void publish(List<Commit> commits) {
    for (Entry entry : entries) {
      commits.forEach(entry.listener);
    }
  }

  private synchronized void remove(Entry entry) {
    entries.remove(entry);
  }
}
