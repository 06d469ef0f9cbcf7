package io.fynbos.openflow.session;

import io.fynbos.openflow.wire.Mod;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Optional;

/**
 * Changes sent without waiting, so that an error can name the one it answers. A barrier's answer
 * says that all before it are done; past a bound the eldest are forgotten, and an error for them
 * names none.
 */
final class Sent {
  private static final int MODS_MAX = 4096;

  private record Entry(int xid, Mod mod) {}

  private final ArrayDeque<Entry> entries = new ArrayDeque<>();

  void add(int xid, Mod mod) {
    if (entries.size() == MODS_MAX) {
      entries.removeFirst();
    }
    entries.addLast(new Entry(xid, mod));
  }

  /** Forgets what was sent before a barrier. */
  void done(int barrierXid) {
    while (!entries.isEmpty() && entries.getFirst().xid() - barrierXid < 0) {
      entries.removeFirst();
    }
  }

  /** The change sent with that xid. */
  Optional<Mod> refused(int xid) {
    for (Iterator<Entry> i = entries.iterator(); i.hasNext(); ) {
      Entry entry = i.next();
      if (entry.xid() == xid) {
        i.remove();
        return Optional.of(entry.mod());
      }
    }
    return Optional.empty();
  }
}
