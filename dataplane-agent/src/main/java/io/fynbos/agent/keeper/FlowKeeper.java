package io.fynbos.agent.keeper;

import io.fynbos.agent.event.EventThread;
import io.fynbos.openflow.session.SwitchSession;
import io.fynbos.openflow.wire.FlowStats;
import io.fynbos.openflow.wire.GroupEntry;
import io.fynbos.openflow.wire.PortDescription;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the switch back after changes and keeps what it holds. Calls while one is under way, or
 * shortly after, go together; what is unchanged is not written again. All methods on the event
 * thread.
 */
public final class FlowKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(FlowKeeper.class);

  /** From the end of one read-back to the next, at least. */
  private static final Duration REST = Duration.ofMillis(250);

  /** Reading keeps the switch from other things: so many times as long it is then left alone. */
  private static final int REST_FACTOR = 20;

  private final FlowFile file;
  private final EventThread events;
  private final Executor disk;
  private final UnaryOperator<String> ownerOf;
  private Optional<SwitchSession> source = Optional.empty();
  private byte[] last = new byte[0];
  private int count;
  private long begunNanos;
  private boolean underWay;
  private boolean again;

  /**
   * @param disk where files are written
   * @param ownerOf what tells whose a port is now, by the port's name
   */
  public FlowKeeper(
      FlowFile file, EventThread events, Executor disk, UnaryOperator<String> ownerOf) {
    this.file = file;
    this.events = events;
    this.disk = disk;
    this.ownerOf = ownerOf;
  }

  /** What to put back; nothing when nothing is kept or the file is damaged, which is logged. */
  public KeptFlows kept() {
    try {
      return file.read().orElse(KeptFlows.NONE);
    } catch (IOException | KeptFlows.DamagedFile e) {
      LOG.error("event=kept-flows-unreadable reason=\"{}\"", e.getMessage());
      return KeptFlows.NONE;
    }
  }

  /** How many flows the file holds, as far as this process has written it. */
  public int count() {
    return count;
  }

  /** Keep what this switch holds now. */
  public void keep(SwitchSession session) {
    source = Optional.of(session);
    if (underWay) {
      again = true;
    } else {
      readBack(session);
    }
  }

  /** The switch is gone: nothing is to be read from it any more. */
  public void switchLost() {
    source = Optional.empty();
    again = false;
  }

  private void readBack(SwitchSession session) {
    underWay = true;
    begunNanos = System.nanoTime();
    CompletableFuture<List<PortDescription>> ports = session.ports();
    CompletableFuture<List<GroupEntry>> groups = session.groups();
    CompletableFuture<List<FlowStats>> flows = session.flows();
    events.when(
        CompletableFuture.allOf(ports, groups, flows),
        done ->
            read(
                session,
                KeptFlows.of(owners(ports.join()), groups.join(), flows.join()),
                flows.join().size()),
        this::failed);
  }

  /** Whose each port of the switch is. */
  public SortedMap<Integer, String> owners(List<PortDescription> ports) {
    SortedMap<Integer, String> owners = new TreeMap<>();
    for (PortDescription port : ports) {
      owners.put(port.number(), ownerOf.apply(port.name()));
    }
    return owners;
  }

  private void read(SwitchSession session, KeptFlows flows, int all) {
    if (source.isEmpty() || source.get() != session) {
      rest();
      return;
    }
    byte[] bytes = flows.encode();
    if (Arrays.equals(bytes, last)) {
      rest();
      return;
    }
    events.when(
        CompletableFuture.runAsync(() -> write(bytes), disk),
        done -> {
          last = bytes;
          count = flows.flows().size();
          LOG.info("event=flows-kept flows={} of={} bytes={}", count, all, bytes.length);
          rest();
        },
        this::failed);
  }

  private void write(byte[] bytes) {
    try {
      file.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void failed(Throwable failure) {
    LOG.warn("event=flows-not-kept reason=\"{}\"", failure.toString());
    rest();
  }

  private void rest() {
    Duration took = Duration.ofNanos(System.nanoTime() - begunNanos).multipliedBy(REST_FACTOR);
    events.later(
        took.compareTo(REST) > 0 ? took : REST,
        () -> {
          underWay = false;
          if (again && source.isPresent()) {
            again = false;
            readBack(source.get());
          }
        });
  }
}
