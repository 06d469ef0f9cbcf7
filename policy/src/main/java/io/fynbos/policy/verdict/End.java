package io.fynbos.policy.verdict;

import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.IpAddress;

/** One end of a packet. */
public sealed interface End {
  IpAddress address();

  /** An endpoint, by one of its addresses. */
  record OfEndpoint(EndpointRef ref, IpAddress address) implements End {
    @Override
    public String toString() {
      return ref + " (" + address + ")";
    }
  }

  /**
   * Just an address: seen from the other end's universe, it may be an endpoint's, or be outside.
   */
  record OfAddress(IpAddress address) implements End {
    @Override
    public String toString() {
      return address.toString();
    }
  }
}
