package io.fynbos.policy.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The addresses at which the fabric itself serves every guest of every universe, the same ones
 * everywhere. Tenants' rules say nothing about them; guardrails may.
 */
public enum ServiceAddress {
  DNS("169.254.169.253", "fd00:ec2::253"),
  METADATA("169.254.169.254", "fd00:ec2::254");

  private static final Map<IpAddress, ServiceAddress> BY_ADDRESS = byAddress();

  private final String v4;
  private final String v6;

  ServiceAddress(String v4, String v6) {
    this.v4 = v4;
    this.v6 = v6;
  }

  /** One of each family. */
  public List<IpAddress> addresses() {
    return List.of(IpAddress.parse(v4), IpAddress.parse(v6));
  }

  /** The service behind an address. */
  public static Optional<ServiceAddress> of(IpAddress address) {
    return Optional.ofNullable(BY_ADDRESS.get(address));
  }

  private static Map<IpAddress, ServiceAddress> byAddress() {
    Map<IpAddress, ServiceAddress> map = new HashMap<>();
    for (ServiceAddress service : values()) {
      service.addresses().forEach(address -> map.put(address, service));
    }
    return Map.copyOf(map);
  }
}
