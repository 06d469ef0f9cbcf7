package io.fynbos.controller.reconcile;

import io.fynbos.controller.compile.SwitchTables;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.FlowKey;
import io.fynbos.openflow.wire.FlowStats;
import io.fynbos.openflow.wire.GroupEntry;
import io.fynbos.openflow.wire.Mod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * What a switch holds against what it is to hold.
 *
 * <p>Only flows in the controller's tables count. There, the agent's flows are left alone, and
 * flows of nobody we know are foreign: they are removed like stale ones, but named. Groups that are
 * not wanted are left alone, since a group does not say whose it is.
 *
 * @param mods what makes the switch right, to be sent as one bundle; empty when it is
 * @param foreign the flows that somebody else put into the controller's tables
 * @param missing wanted flows that are not there or are another way
 * @param stale flows of the controller's own that are wanted no longer
 */
record TableDiff(List<Mod> mods, List<FlowEntry> foreign, int missing, int stale) {

  TableDiff {
    mods = List.copyOf(mods);
    foreign = List.copyOf(foreign);
  }

  static TableDiff of(
      List<FlowStats> flows, List<GroupEntry> groups, SwitchTables wanted, IntPredicate owned) {
    List<Mod> mods = new ArrayList<>(groupMods(groups, wanted));
    Map<FlowKey, FlowEntry> byKey = wanted.byKey();
    Map<FlowKey, FlowEntry> held = new HashMap<>();
    List<FlowEntry> foreign = new ArrayList<>();
    int stale = 0;
    for (FlowStats stats : flows) {
      FlowEntry flow = stats.flow();
      if (!owned.test(flow.table())) {
        continue;
      }
      held.put(flow.key(), flow);
      if (byKey.containsKey(flow.key()) || Cookies.agents(flow.cookie())) {
        continue;
      }
      mods.add(new Mod.FlowDeleteStrict(flow.key()));
      if (Cookies.controllers(flow.cookie())) {
        stale++;
      } else {
        foreign.add(flow);
      }
    }
    int missing = 0;
    for (FlowEntry flow : wanted.flows()) {
      FlowEntry found = held.get(flow.key());
      if (!flow.equals(found)) {
        mods.add(new Mod.FlowAdd(flow));
        missing++;
        if (found != null && !Cookies.controllers(found.cookie())) {
          foreign.add(found);
        }
      }
    }
    return new TableDiff(mods, foreign, missing, stale);
  }

  private static List<Mod> groupMods(List<GroupEntry> groups, SwitchTables wanted) {
    Map<Integer, GroupEntry> held = new HashMap<>();
    groups.forEach(group -> held.put(group.id(), group));
    List<Mod> mods = new ArrayList<>();
    for (GroupEntry group : wanted.groups()) {
      GroupEntry found = held.get(group.id());
      if (found == null) {
        mods.add(new Mod.GroupAdd(group));
      } else if (!found.equals(group)) {
        mods.add(new Mod.GroupModify(group));
      }
    }
    return mods;
  }
}
