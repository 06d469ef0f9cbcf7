package io.fynbos.agent.ask;

import io.fynbos.agent.bringup.Wanted;
import io.fynbos.agent.event.EventThread;
import io.fynbos.agent.link.ControllerLink;
import io.fynbos.agent.link.Question;
import io.fynbos.agent.unixctl.ControlSocket;
import io.fynbos.policy.report.HostAnswer;
import io.fynbos.policy.report.TrackedConnection;
import io.fynbos.policy.wire.HostReports;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the controller's questions, a few at a time and in their order. What cannot be answered
 * is answered with an error that says why, also what the switch has not answered in time. All
 * methods on the event thread.
 */
public final class Questions {
  /** Questions that the switch is answering. */
  static final int UNDER_WAY_MAX = 2;

  /** Questions that wait; one more is answered with an error. */
  static final int WAITING_MAX = 64;

  private static final Logger LOG = LoggerFactory.getLogger(Questions.class);

  /** The longest trace; what is beyond is left out. */
  static final int TRACE_CHARS_MAX = 60_000;

  private static final int TRACE_BYTES_MAX = 2 * TRACE_CHARS_MAX;

  /** The longest list of one zone's connections; what is beyond is left out. */
  private static final int CONNECTIONS_BYTES_MAX = 3 << 20;

  private final ControlSocket control;
  private final String datapath;
  private final ControllerLink link;
  private final EventThread events;
  private final LongSupplier nanos;
  private final Deque<Asked> waiting = new ArrayDeque<>();
  private int underWay;
  private long answered;

  /**
   * @param datapath the datapath's name, such as {@code netdev@ovs-netdev}
   */
  public Questions(
      ControlSocket control,
      String datapath,
      ControllerLink link,
      EventThread events,
      LongSupplier nanos) {
    this.control = control;
    this.datapath = datapath;
    this.link = link;
    this.events = events;
    this.nanos = nanos;
  }

  /** Takes a question. */
  public void ask(Question question) {
    Asked asked = new Asked(question, nanos.getAsLong() + question.deadline().toNanos());
    if (waiting.size() >= WAITING_MAX) {
      asked.fail(WAITING_MAX + " questions are waiting already");
    } else {
      waiting.add(asked);
      next();
    }
  }

  /** Whoever asked is gone. */
  public void linkDown() {
    waiting.clear();
  }

  /** Questions answered, with an error or without. */
  public long answered() {
    return answered;
  }

  private void next() {
    while (underWay < UNDER_WAY_MAX && !waiting.isEmpty()) {
      underWay++;
      waiting.remove().begin();
    }
  }

  private static String shortened(String text) {
    return text.length() <= TRACE_CHARS_MAX ? text : text.substring(0, TRACE_CHARS_MAX);
  }

  /** One question, from its coming to its answer. */
  private final class Asked {
    private final Question question;
    private final long deadlineNanos;
    private boolean begun;

    Asked(Question question, long deadlineNanos) {
      this.question = question;
      this.deadlineNanos = deadlineNanos;
    }

    private void begin() {
      begun = true;
      if (question instanceof Question.Trace trace) {
        trace(trace);
      } else if (question instanceof Question.Connections connections) {
        connections(new Gathering(connections));
      } else if (question instanceof Question.Refused refused) {
        fail(refused.why());
      }
    }

    private Duration left() {
      return Duration.ofNanos(Math.max(1_000_000, deadlineNanos - nanos.getAsLong()));
    }

    private void trace(Question.Trace trace) {
      List<String> words = new ArrayList<>(List.of(Wanted.BRIDGE));
      words.addAll(trace.words());
      events.when(
          control.head(left(), TRACE_BYTES_MAX, "ofproto/trace", words),
          head -> answer(new HostAnswer.Text(shortened(head.text()))),
          failure -> fail(reason(failure)));
    }

    /** Zone after zone, until there are enough. */
    private void connections(Gathering gathering) {
      Optional<Integer> zone = gathering.nextZone();
      if (zone.isEmpty()) {
        answer(gathering.answer());
        return;
      }
      List<String> words = List.of(datapath, "zone=" + zone.get());
      events.when(
          control.head(left(), CONNECTIONS_BYTES_MAX, "dpctl/dump-conntrack", words),
          head -> {
            gathering.add(head);
            connections(gathering);
          },
          failure -> fail(reason(failure)));
    }

    private String reason(Throwable failure) {
      Throwable inner = failure.getCause();
      Throwable cause = failure instanceof CompletionException && inner != null ? inner : failure;
      boolean late = cause instanceof TimeoutException;
      return late
          ? "the switch did not answer within " + question.deadline().toMillis() + " ms"
          : String.valueOf(cause.getMessage());
    }

    private void fail(String why) {
      answer(new HostAnswer.Failure(why));
    }

    private void answer(HostAnswer answer) {
      answered++;
      events.when(
          link.send("POST", "answers/" + question.id(), HostReports.writeAnswer(answer)),
          taken -> {
            if (!taken.done()) {
              LOG.info("event=answer-not-taken id={} status={}", question.id(), taken.status());
            }
          },
          failure ->
              LOG.info(
                  "event=not-answered id={} reason=\"{}\"", question.id(), failure.toString()));
      if (begun) {
        underWay--;
        next();
      }
    }
  }

  /** The connections found so far. */
  private static final class Gathering {
    private final Deque<Integer> zones;
    private final int limit;
    private final List<TrackedConnection> connections = new ArrayList<>();
    private boolean truncated;

    Gathering(Question.Connections question) {
      zones = new ArrayDeque<>(question.zones());
      limit = question.limit();
    }

    private Optional<Integer> nextZone() {
      return truncated ? Optional.empty() : Optional.ofNullable(zones.poll());
    }

    private void add(ControlSocket.Head head) {
      String text = head.text();
      int end = head.whole() ? text.length() : Math.max(0, text.lastIndexOf('\n'));
      int from = 0;
      while (from < end && !truncated) {
        int newline = text.indexOf('\n', from);
        int to = newline < 0 ? end : Math.min(newline, end);
        ConnectionLine.parse(text.substring(from, to)).ifPresent(this::add);
        from = to + 1;
      }
      truncated |= !head.whole();
    }

    private void add(TrackedConnection connection) {
      if (connections.size() >= limit) {
        truncated = true;
      } else {
        connections.add(connection);
      }
    }

    private HostAnswer answer() {
      return new HostAnswer.Connections(connections, truncated);
    }
  }
}
