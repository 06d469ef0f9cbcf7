package io.fynbos.labs.bench.ovn;

import io.fynbos.labs.bench.ovn.Network.Port;
import io.fynbos.labs.bench.ovn.Network.Rule;
import io.fynbos.labs.runner.Lab;
import io.fynbos.labs.runner.ProcessRecord;
import java.util.List;

/**
 * A control plane that runs in a lab of its own, and what is asked of it. Each call returns when
 * both hosts' switches obey; how that is known is each side's own way.
 */
interface Fabric extends AutoCloseable {

  /** How far a change must have come before a call returns. */
  enum Until {
    /** Both switches have answered the barrier behind it. */
    INSTALLED,
    /** Neither switch holds a cached decision of before. OVN does not tell; it stops earlier. */
    ENFORCED,
    /** The same, asked for seldom: for counting what changes cost, without the asking. */
    ENFORCED_ASKING_SELDOM
  }

  String name();

  Lab lab();

  /** Builds a network in an empty control plane whose local ports are there already. */
  void load(Network network);

  void put(Rule rule, Until until);

  void take(Rule rule, Until until);

  /** Lets an endpoint join a group, and waits until that is enforced. */
  void join(Port port, String group);

  /** Takes it out again, and waits until that is enforced. */
  void leave(Port port, String group);

  /** The processes of the control plane, on all hosts. */
  List<ProcessRecord> controlPlane();

  @Override
  void close();
}
