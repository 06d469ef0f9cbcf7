package io.fynbos.policy.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fynbos.policy.model.Host;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Pool;
import io.fynbos.policy.model.PoolName;
import io.fynbos.policy.model.Prefix;
import java.util.List;

/** Pools and hosts as documents. */
final class FabricForm {
  static final List<String> POOL_FIELDS = List.of("kind", "name", "prefixes", "shared", "delete");
  static final List<String> HOST_FIELDS =
      List.of("kind", "name", "underlay", "datapathId", "delete");

  private FabricForm() {}

  static Pool readPool(Fields fields, PoolName name) throws WireError {
    List<Prefix> prefixes =
        fields.required("prefixes", at -> Values.prefixes(at, Pool.PREFIXES_MAX));
    List<Prefix> shared = fields.list("shared", Pool.PREFIXES_MAX, Values::prefix);
    fields.done();
    return fields.self().made("a pool", () -> new Pool(name, prefixes, shared));
  }

  static ObjectNode writePool(Pool pool) {
    ObjectNode node = Tree.object();
    node.put("kind", "Pool");
    node.put("name", pool.name().value());
    node.set("prefixes", Tree.texts(pool.prefixes()));
    if (!pool.shared().isEmpty()) {
      node.set("shared", Tree.texts(pool.shared()));
    }
    return node;
  }

  static Host readHost(Fields fields, HostName name) throws WireError {
    IpAddress underlay = fields.required("underlay", Values::address);
    long datapathId = fields.required("datapathId", Values::datapathId);
    fields.done();
    return new Host(name, underlay, datapathId);
  }

  static ObjectNode writeHost(Host host) {
    ObjectNode node = Tree.object();
    node.put("kind", "Host");
    node.put("name", host.name().value());
    node.put("underlay", host.underlay().toString());
    node.put("datapathId", "%016x".formatted(host.datapathId()));
    return node;
  }
}
