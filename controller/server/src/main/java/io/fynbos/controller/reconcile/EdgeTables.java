package io.fynbos.controller.reconcile;

import io.fynbos.controller.compile.Delta;
import io.fynbos.controller.compile.EdgeCompiler;
import io.fynbos.controller.compile.SwitchTables;
import io.fynbos.controller.pipeline.Cookie;
import io.fynbos.controller.pipeline.Table;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.PolicyRef;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;

/** The edge compiler's answers in the fleet's terms. */
public final class EdgeTables implements TableCompiler {

  private static final int RULE_BITS = 10;

  @Override
  public SwitchTables full(Image image, HostName host) {
    return EdgeCompiler.full(image, host);
  }

  @Override
  public SortedMap<HostName, Delta> deltas(Image before, Image after, List<Change> changes) {
    return EdgeCompiler.deltas(before, after, changes);
  }

  @Override
  public boolean owns(int table) {
    return Table.of(table).filter(known -> !Table.AGENTS.contains(known)).isPresent();
  }

  @Override
  public String origin(Image image, FlowEntry flow) {
    String table = Table.of(flow.table()).map(Table::text).orElse("table " + flow.table());
    Optional<Cookie> cookie = Cookie.of(flow.cookie());
    if (cookie.isEmpty()) {
      return "a flow of " + table;
    }
    if (cookie.get().kind() == Cookie.Kind.RULE) {
      long policy = cookie.get().number() >>> RULE_BITS;
      long rule = cookie.get().number() & ((1 << RULE_BITS) - 1);
      Optional<PolicyRef> ref =
          image.policies().keySet().stream()
              .filter(candidate -> image.number(candidate).number() == policy)
              .findFirst();
      return "rule " + rule + " of " + ref.map(PolicyRef::sentence).orElse("a policy that is gone");
    }
    String kind = cookie.get().kind().name().toLowerCase(Locale.ROOT);
    return "a flow of " + table + " for " + kind + " " + cookie.get().number();
  }
}
