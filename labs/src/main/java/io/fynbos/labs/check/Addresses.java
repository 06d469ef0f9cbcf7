package io.fynbos.labs.check;

import io.fynbos.policy.model.IpAddress;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/** The addresses of Java's sockets as the model has them, and prints them (RFC 5952). */
final class Addresses {
  private Addresses() {}

  static IpAddress of(InetAddress address) {
    ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
    return bytes.remaining() == 16
        ? new IpAddress(true, bytes.getLong(), bytes.getLong())
        : new IpAddress(false, 0, Integer.toUnsignedLong(bytes.getInt()));
  }
}
