package io.fynbos.labs.net;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Waits on several packet sockets at once. Used by one thread. */
public final class PacketPoll<K> {
  private static final int ENTRY_BYTES = 8;

  /** A socket and what its owner calls it. */
  public record Source<K>(K key, PacketSocket socket) {}

  private final List<Source<K>> sources;
  private final Memory entries;

  public PacketPoll(List<Source<K>> sources) {
    this.sources = List.copyOf(sources);
    this.entries = new Memory(Math.max(1, sources.size()) * (long) ENTRY_BYTES);
    entries.clear();
    for (int i = 0; i < sources.size(); i++) {
      entries.setInt(i * (long) ENTRY_BYTES, sources.get(i).socket().fd());
      entries.setShort(i * (long) ENTRY_BYTES + 4, Libc.POLLIN);
    }
  }

  /**
   * Hands over every frame that is there, or waits for one.
   *
   * @return how many frames came, 0 when none came in time
   */
  public int next(int timeoutMillis, BiConsumer<K, byte[]> frames) {
    try {
      if (Libc.poll(entries, new NativeLong(sources.size()), timeoutMillis) <= 0) {
        return 0;
      }
    } catch (LastErrorException interrupted) {
      return 0;
    }
    int count = 0;
    for (Source<K> source : sources) {
      Optional<byte[]> frame = source.socket().receive();
      while (frame.isPresent()) {
        count++;
        frames.accept(source.key(), frame.get());
        frame = source.socket().receive();
      }
    }
    return count;
  }
}
