package io.fynbos.openflow.session;

import io.fynbos.openflow.wire.PortStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Port changes that wait to be told: the last of each port, up to a bound. Past it they are dropped
 * and {@link #overflowed} says that ports must be read anew.
 */
final class PortStatuses {
  private final int portsMax;
  private final Map<Integer, PortStatus> last = new LinkedHashMap<>();
  private boolean overflowed;

  PortStatuses(int portsMax) {
    this.portsMax = portsMax;
  }

  /** Takes one; true when nothing waited before it. */
  boolean add(PortStatus status) {
    boolean first = last.isEmpty() && !overflowed;
    int port = status.port().number();
    if (overflowed || (last.size() == portsMax && !last.containsKey(port))) {
      overflowed = true;
      last.clear();
      return first;
    }
    PortStatus before = last.remove(port);
    // A port that was deleted and added again is another port: the listener must hear both.
    if (before != null
        && before.change() == PortStatus.Change.DELETED
        && status.change() != PortStatus.Change.DELETED) {
      overflowed = true;
      last.clear();
      return first;
    }
    last.put(port, status);
    return first;
  }

  boolean overflowed() {
    return overflowed;
  }

  List<PortStatus> take() {
    List<PortStatus> statuses = new ArrayList<>(last.values());
    last.clear();
    overflowed = false;
    return statuses;
  }
}
