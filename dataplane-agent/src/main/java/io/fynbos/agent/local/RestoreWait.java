package io.fynbos.agent.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import io.fynbos.agent.bringup.BringUp;
import io.fynbos.agent.bringup.Wanted;
import io.fynbos.agent.event.EventThread;
import io.fynbos.agent.ovsdb.Operation;
import io.fynbos.agent.ovsdb.OvsdbClient;
import io.fynbos.agent.ovsdb.Replica;
import io.fynbos.agent.ovsdb.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code other_config:flow-restore-wait}, {@code ovs-vswitchd.conf.db(5)}. A switch that starts
 * while it is true forwards nothing and talks to no controller until it sees it false, once; then
 * the setting means nothing to it any more. So it is kept true, for whichever switch starts next,
 * but for the moment in which a waiting one is let go.
 *
 * <p>What to reach is remembered, and tried again when the database comes back. All methods on the
 * event thread.
 */
public final class RestoreWait {
  private static final Logger LOG = LoggerFactory.getLogger(RestoreWait.class);
  private static final String KEY = "flow-restore-wait";
  private static final Duration RETRY = Duration.ofMillis(50);

  private enum Step {
    KEEP_TRUE,
    SET_FALSE,
    AWAIT_SWITCH
  }

  private final OvsdbClient database;
  private final EventThread events;
  private Optional<Replica> replica = Optional.empty();
  private Step step = Step.KEEP_TRUE;
  private Runnable released = () -> {};
  private long processedFrom;
  private boolean underWay;

  /** Does nothing before the first {@link #changed}. */
  public RestoreWait(OvsdbClient database, EventThread events) {
    this.database = database;
    this.events = events;
  }

  /** The database is now so. */
  public void changed(Replica now) {
    replica = Optional.of(now);
    advance();
  }

  /** Lets a waiting switch go; runs {@code then} once it has seen that. */
  public void release(Runnable then) {
    released = then;
    step = Step.SET_FALSE;
    advance();
  }

  /** No switch is being let go: the one that starts next has to wait. */
  public void keep() {
    released = () -> {};
    step = Step.KEEP_TRUE;
    advance();
  }

  private void advance() {
    Optional<Row.OpenVSwitch> root = replica.flatMap(Replica::root);
    if (underWay || root.isEmpty()) {
      return;
    }
    if (step == Step.SET_FALSE) {
      set(root.get(), false);
    } else if (step == Step.AWAIT_SWITCH && root.get().currentConfig() >= processedFrom) {
      step = Step.KEEP_TRUE;
      LOG.info("event=switch-released");
      Runnable then = released;
      released = () -> {};
      then.run();
      set(root.get(), true);
    } else if (step == Step.KEEP_TRUE && !"true".equals(root.get().otherConfig().get(KEY))) {
      set(root.get(), true);
    }
  }

  private void set(Row.OpenVSwitch root, boolean value) {
    if (!database.ready()) {
      return;
    }
    underWay = true;
    String table = Row.OpenVSwitch.TABLE;
    List<Operation> operations = new ArrayList<>();
    var entry = new TreeMap<>(Map.of(KEY, Boolean.toString(value)));
    operations.add(BringUp.put(table, root.uuid(), "other_config", entry));
    operations.add(new Operation.Mutate(table, root.uuid(), List.of(NEXT)));
    operations.add(new Operation.Select(table, root.uuid(), List.of("next_cfg")));
    if (!value) {
      replica
          .flatMap(now -> now.bridge(Wanted.BRIDGE))
          .ifPresent(
              bridge -> operations.addAll(BringUp.programmedBy(bridge, Wanted.NO_CONTROLLER)));
    }
    events.when(
        database.transact(operations),
        results -> written(value, results.get(2)),
        failure -> {
          LOG.warn("event=flow-restore-wait-not-set reason=\"{}\"", failure.toString());
          underWay = false;
          events.later(RETRY, this::advance);
        });
  }

  private static final Operation.Mutation NEXT =
      new Operation.Mutation("next_cfg", "+=", new IntNode(1));

  private void written(boolean value, JsonNode selected) {
    underWay = false;
    if (!value && step == Step.SET_FALSE) {
      processedFrom = selected.path("rows").path(0).path("next_cfg").asLong();
      step = Step.AWAIT_SWITCH;
    }
    advance();
  }
}
