package io.fynbos.policy.model;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The addresses at which the fabric itself serves every guest of every universe, the same ones
 * everywhere. Tenants' rules say nothing about them; guardrails may.
 */
public enum ServiceAddress {
  DNS("169.254.169.253", "fd00:ec2::253"),
  METADATA("169.254.169.254", "fd00:ec2::254");

  private final IpAddress v4;
  private final IpAddress v6;

  ServiceAddress(String v4, String v6) {
    this.v4 = IpAddress.parse(v4);
    this.v6 = IpAddress.parse(v6);
  }

  /** One of each family. */
  public List<IpAddress> addresses() {
    return List.of(v4, v6);
  }

  /** The service behind an address. */
  public static Optional<ServiceAddress> of(IpAddress address) {
    return Arrays.stream(values())
        .filter(service -> service.addresses().contains(address))
        .findFirst();
  }
}
