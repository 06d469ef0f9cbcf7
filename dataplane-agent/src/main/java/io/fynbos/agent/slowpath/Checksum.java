package io.fynbos.agent.slowpath;

/**
 * RFC 1071: the internet checksum, gathered piece by piece. Pieces but the last have even lengths.
 */
final class Checksum {
  private long sum;

  /** Adds bytes as big-endian 16-bit words; an odd last byte is padded with nought. */
  Checksum add(byte[] bytes, int offset, int length) {
    int end = offset + length;
    for (int i = offset; i + 1 < end; i += 2) {
      sum += ((bytes[i] & 0xff) << 8) | (bytes[i + 1] & 0xff);
    }
    if ((length & 1) != 0) {
      sum += (bytes[end - 1] & 0xff) << 8;
    }
    return this;
  }

  /** Adds one 16-bit word. */
  Checksum add(int word) {
    sum += word & 0xffff;
    return this;
  }

  /** The complement of the folded sum. */
  int value() {
    long folded = sum;
    while (folded >> 16 != 0) {
      folded = (folded & 0xffff) + (folded >> 16);
    }
    return (int) ~folded & 0xffff;
  }
}
