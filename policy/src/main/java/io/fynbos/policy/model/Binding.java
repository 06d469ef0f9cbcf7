package io.fynbos.policy.model;

/**
 * Where an endpoint is attached.
 *
 * @param ofport the OpenFlow port on the host's br-int
 * @param generation rises each time the endpoint is bound anew
 */
public record Binding(EndpointRef endpoint, HostName host, int ofport, long generation) {
  public static final int OFPORT_MIN = 1;

  /** Ports from 0xff00 on are reserved by OpenFlow 1.0, whose numbers Open vSwitch keeps to. */
  public static final int OFPORT_MAX = 0xfeff;

  public Binding {
    Checks.range(ofport, OFPORT_MIN, OFPORT_MAX, "an OpenFlow port");
    if (generation < 1) {
      throw new IllegalArgumentException("a generation is 1 or above, not " + generation);
    }
  }
}
