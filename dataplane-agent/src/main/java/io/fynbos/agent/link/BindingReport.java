package io.fynbos.agent.link;

import com.fasterxml.jackson.databind.JsonNode;
import io.fynbos.agent.binding.Attached;
import io.fynbos.agent.event.Backoff;
import io.fynbos.agent.event.EventThread;
import io.fynbos.policy.decide.Attachment;
import io.fynbos.policy.wire.HostMessages;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the controller which interfaces are attached: the whole set, whenever it changed and
 * whenever the controller came back, until it has been taken. Changes within a few milliseconds go
 * together.
 */
public final class BindingReport {
  private static final Logger LOG = LoggerFactory.getLogger(BindingReport.class);
  private static final Duration GATHER = Duration.ofMillis(3);
  private static final Duration RETRY_FIRST = Duration.ofMillis(50);
  private static final Duration RETRY_MOST = Duration.ofSeconds(2);

  private final ControllerLink link;
  private final EventThread events;
  private final Backoff backoff;
  private Optional<SortedMap<UUID, Attached>> wanted = Optional.empty();
  private Optional<SortedMap<UUID, Attached>> taken = Optional.empty();
  private boolean underWay;
  private boolean scheduled;

  /** Nothing is reported before the first {@link #attached}. */
  public BindingReport(ControllerLink link, EventThread events) {
    this.link = link;
    this.events = events;
    this.backoff = events.backoff(RETRY_FIRST, RETRY_MOST);
  }

  /** These are attached now. */
  public void attached(SortedMap<UUID, Attached> now) {
    if (!wanted.equals(Optional.of(now))) {
      wanted = Optional.of(now);
      schedule(GATHER);
    }
  }

  /** The controller can hear us, and may have forgotten what we said. */
  public void linkUp() {
    taken = Optional.empty();
    schedule(Duration.ZERO);
  }

  /** How many interfaces are attached. */
  public int size() {
    return wanted.map(Map::size).orElse(0);
  }

  /** Whether the controller has taken the set as it is now. */
  public boolean upToDate() {
    return wanted.isPresent() && wanted.equals(taken);
  }

  private void schedule(Duration delay) {
    if (!scheduled) {
      scheduled = true;
      events.later(
          delay,
          () -> {
            scheduled = false;
            send();
          });
    }
  }

  private void send() {
    if (underWay || wanted.isEmpty() || upToDate() || !link.isUp()) {
      return;
    }
    underWay = true;
    SortedMap<UUID, Attached> set = wanted.get();
    events.when(
        link.send("PUT", "bindings", json(set.values())),
        answer -> answered(set, answer),
        failure -> failed(failure.toString()));
  }

  private void answered(SortedMap<UUID, Attached> set, ControllerApi.Answer answer) {
    if (answer.status() == 404) {
      underWay = false;
      link.restart("the controller does not know this host");
      return;
    }
    if (!answer.done()) {
      failed("status " + answer.status() + " " + answer.body());
      return;
    }
    underWay = false;
    taken = Optional.of(set);
    backoff.reset();
    LOG.info(
        "event=bindings-reported count={} revision={}", set.size(), answer.body().path("revision"));
    for (JsonNode binding : answer.body().path("bindings")) {
      String state = binding.path("state").asText();
      if (!state.equals("bound")) {
        LOG.warn("event=not-bound id={} state={}", binding.path("id").asText(), state);
      }
    }
    send();
  }

  private void failed(String why) {
    underWay = false;
    LOG.warn("event=bindings-not-reported reason=\"{}\"", why);
    schedule(backoff.next());
  }

  private static byte[] json(Collection<Attached> set) {
    List<Attachment> attachments =
        set.stream().map(one -> new Attachment(one.id(), one.ofport(), one.mac())).toList();
    return HostMessages.writeBindings(attachments, true);
  }
}
