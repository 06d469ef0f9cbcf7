package io.fynbos.policy.model;

/**
 * A hypervisor with an Open vSwitch.
 *
 * @param underlay its tunnel end
 * @param datapathId the OpenFlow datapath id of its br-int, 64 bits
 */
public record Host(HostName name, IpAddress underlay, long datapathId) implements FabricObject {
  @Override
  public HostName key() {
    return name;
  }

  @Override
  public Document document() {
    return new Document.HostDocument(this);
  }
}
