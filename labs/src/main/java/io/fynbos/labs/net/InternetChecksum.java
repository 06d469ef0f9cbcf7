package io.fynbos.labs.net;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/** The checksum of RFC 1071, over a packet alone or with the pseudo header of its family. */
final class InternetChecksum {
  private InternetChecksum() {}

  static short of(byte[] bytes) {
    return folded(sum(bytes));
  }

  /** With the pseudo header of RFC 768 (IPv4) or RFC 8200 §8.1 (IPv6). */
  static short of(InetAddress source, InetAddress destination, int protocol, byte[] segment) {
    ByteBuffer pseudo = ByteBuffer.allocate(40);
    pseudo.put(source.getAddress()).put(destination.getAddress());
    pseudo.putInt(segment.length).putInt(protocol);
    return folded(sum(pseudo.array()) + sum(segment));
  }

  private static long sum(byte[] bytes) {
    long sum = 0;
    for (int i = 0; i < bytes.length; i += 2) {
      int high = bytes[i] & 0xff;
      int low = i + 1 < bytes.length ? bytes[i + 1] & 0xff : 0;
      sum += (high << 8) | low;
    }
    return sum;
  }

  private static short folded(long sum) {
    long folded = sum;
    while (folded >>> 16 != 0) {
      folded = (folded & 0xffff) + (folded >>> 16);
    }
    return (short) ~folded;
  }
}
