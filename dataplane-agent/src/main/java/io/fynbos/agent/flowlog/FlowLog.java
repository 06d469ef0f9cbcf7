package io.fynbos.agent.flowlog;

import io.fynbos.agent.event.Backoff;
import io.fynbos.agent.event.EventThread;
import io.fynbos.agent.link.ControllerApi;
import io.fynbos.agent.link.ControllerLink;
import io.fynbos.agent.slowpath.OwnTable;
import io.fynbos.openflow.session.SwitchSession;
import io.fynbos.openflow.wire.MeterStats;
import io.fynbos.openflow.wire.PacketIn;
import io.fynbos.policy.report.FlowRecord;
import io.fynbos.policy.wire.HostReports;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers records and sends them in batches, one at a time and in order. While the controller is
 * away up to {@link #RECORDS_MAX} wait. Each packet that should have become a record and did not is
 * counted, whether the switch's meter took it, nothing could be read from it, the buffer was full,
 * or the controller refused it; the count goes with the next batch.
 */
public final class FlowLog {
  /** Records that wait, those of the batch on its way not counted. */
  public static final int RECORDS_MAX = 8_192;

  private static final Logger LOG = LoggerFactory.getLogger(FlowLog.class);
  private static final Duration GATHER = Duration.ofMillis(200);
  private static final Duration METER = Duration.ofSeconds(1);
  private static final Duration RETRY_FIRST = Duration.ofMillis(100);
  private static final Duration RETRY_MOST = Duration.ofSeconds(5);

  private final ControllerLink link;
  private final EventThread events;
  private final InstantSource clock;
  private final Backoff backoff;
  private final BlockingQueue<FlowRecord> waiting = new ArrayBlockingQueue<>(RECORDS_MAX);
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final LongAdder dropped = new LongAdder();
  private final List<FlowRecord> batch = new ArrayList<>();
  private Optional<SwitchSession> session = Optional.empty();
  private long meterDropped;
  private long droppedTold;
  private long told;
  private boolean underWay;
  private boolean asking;

  /** Records have the clock's time. */
  public FlowLog(ControllerLink link, EventThread events, InstantSource clock) {
    this.link = link;
    this.events = events;
    this.clock = clock;
    this.backoff = events.backoff(RETRY_FIRST, RETRY_MOST);
  }

  /** Begins to watch the meter. */
  public void start() {
    events.every(METER, this::readMeter);
  }

  /** Takes a packet of the log's table, on any thread, and makes nobody wait. */
  public void packetIn(PacketIn packet) {
    Optional<FlowRecord> read = LogRecord.read(packet, clock.instant());
    if (read.isEmpty() || !waiting.offer(read.get())) {
      dropped.increment();
    }
    schedule(GATHER);
  }

  /** The controller can hear us. */
  public void linkUp() {
    schedule(Duration.ZERO);
  }

  /** The switch runs, and its meters have just begun to count. */
  public void switchRuns(SwitchSession running) {
    session = Optional.of(running);
    meterDropped = 0;
    asking = false;
  }

  /** There is no meter to read. */
  public void switchLost() {
    session = Optional.empty();
  }

  /** Records that the controller has taken. */
  public long told() {
    return told;
  }

  /** Packets that did not become a record it has taken. */
  public long dropped() {
    return dropped.sum();
  }

  private void readMeter() {
    if (session.isEmpty() || asking) {
      return;
    }
    SwitchSession asked = session.get();
    asking = true;
    events.when(
        asked.meterStats(OwnTable.LOG.number()),
        stats -> {
          if (session.isPresent() && session.get() == asked) {
            asking = false;
            counted(stats.stream().mapToLong(MeterStats::packetsOverRate).sum());
          }
        },
        failure -> {
          asking = false;
          LOG.debug("event=meter-not-read reason=\"{}\"", failure.toString());
        });
  }

  /** A count that went down began anew. */
  private void counted(long now) {
    long more = now >= meterDropped ? now - meterDropped : now;
    meterDropped = now;
    if (more > 0) {
      dropped.add(more);
      schedule(GATHER);
    }
  }

  private void schedule(Duration delay) {
    if (scheduled.compareAndSet(false, true)) {
      events.later(
          delay,
          () -> {
            scheduled.set(false);
            send();
          });
    }
  }

  private void send() {
    if (underWay || !link.isUp()) {
      return;
    }
    if (batch.isEmpty()) {
      waiting.drainTo(batch, HostReports.RECORDS_MAX);
    }
    long droppedNow = dropped.sum();
    if (batch.isEmpty() && droppedNow == droppedTold) {
      return;
    }
    underWay = true;
    byte[] body =
        HostReports.writeFlowLog(new HostReports.FlowLog(batch, droppedNow - droppedTold));
    events.when(
        link.send("POST", "flow-log", body),
        answer -> answered(answer, droppedNow),
        failure -> later(failure.toString()));
  }

  private void answered(ControllerApi.Answer answer, long droppedNow) {
    if (answer.status() == 404) {
      underWay = false;
      link.restart("the controller does not know this host");
    } else if (answer.done()) {
      underWay = false;
      droppedTold = droppedNow;
      told += batch.size();
      batch.clear();
      backoff.reset();
      send();
    } else if (answer.refused()) {
      LOG.warn("event=flow-log-refused records={} answer=\"{}\"", batch.size(), answer);
      dropped.add(batch.size());
      batch.clear();
      later("refused");
    } else {
      later("status " + answer.status());
    }
  }

  private void later(String why) {
    underWay = false;
    LOG.debug("event=flow-log-not-told reason=\"{}\"", why);
    schedule(backoff.next());
  }
}
