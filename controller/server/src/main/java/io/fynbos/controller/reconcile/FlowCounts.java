package io.fynbos.controller.reconcile;

import io.fynbos.openflow.wire.FlowStats;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.HostName;
import java.util.Collection;

/** Takes what the flows of switches have counted. */
public interface FlowCounts {

  /**
   * What a switch has counted.
   *
   * @param image whose tables the switch held when it was asked
   * @param all whether these are all flows of rules; else some that are about to be changed
   */
  void counted(HostName host, Image image, Collection<FlowStats> flows, boolean all);
}
