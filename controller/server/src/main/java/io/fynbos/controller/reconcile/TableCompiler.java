package io.fynbos.controller.reconcile;

import io.fynbos.controller.compile.Delta;
import io.fynbos.controller.compile.SwitchTables;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.HostName;
import java.util.List;
import java.util.SortedMap;

/** What the fleet needs of the compiler: pure answers about images. */
public interface TableCompiler {

  /** What a host's switch holds when it is at this image. */
  SwitchTables full(Image image, HostName host);

  /**
   * What takes each host's switch from one image to a later one; hosts that stay as they are need
   * not be in it.
   *
   * @param changes what was changed between the two
   */
  SortedMap<HostName, Delta> deltas(Image before, Image after, List<Change> changes);

  /** Whether the table is the controller's; others are left alone. */
  boolean owns(int table);

  /** The object that a flow came from, for a person, such as {@code policy blue/web rule 2}. */
  String origin(Image image, FlowEntry flow);
}
