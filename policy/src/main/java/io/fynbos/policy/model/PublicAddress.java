package io.fynbos.policy.model;

/** A public address that stands, one to one, for a private one of the same family. */
public record PublicAddress(IpAddress publicAddress, IpAddress privateAddress)
    implements Comparable<PublicAddress> {
  public PublicAddress {
    if (publicAddress.v6() != privateAddress.v6()) {
      throw new IllegalArgumentException(
          "%s and %s are of different families".formatted(publicAddress, privateAddress));
    }
  }

  @Override
  public int compareTo(PublicAddress other) {
    int byPublic = publicAddress.compareTo(other.publicAddress);
    return byPublic != 0 ? byPublic : privateAddress.compareTo(other.privateAddress);
  }
}
