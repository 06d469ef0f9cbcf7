package io.fynbos.controller.api;

import io.fynbos.controller.core.Controller;
import io.fynbos.controller.flowlog.FlowLog;
import io.fynbos.controller.metrics.Metrics;
import io.fynbos.controller.reconcile.Fleet;
import io.fynbos.controller.rules.HitCounters;
import io.fynbos.controller.rules.RuleNames;
import io.fynbos.controller.store.Store;

/** What the API is an interface to. */
public record Backend(
    Controller controller,
    Fleet fleet,
    Store store,
    RuleNames rules,
    HitCounters hits,
    FlowLog flowLog,
    Metrics metrics) {}
