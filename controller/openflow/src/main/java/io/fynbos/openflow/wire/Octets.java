package io.fynbos.openflow.wire;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.HexFormat;

/** Immutable bytes with value equality: what is kept of an item this package does not know. */
public final class Octets implements Comparable<Octets> {
  /** No bytes. */
  public static final Octets EMPTY = new Octets(new byte[0]);

  private final byte[] bytes;

  private Octets(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A copy of these bytes. */
  public static Octets of(byte... bytes) {
    return bytes.length == 0 ? EMPTY : new Octets(bytes.clone());
  }

  /** The bytes that this text writes in hexadecimal; throws IllegalArgumentException otherwise. */
  public static Octets parse(String hex) {
    return new Octets(HexFormat.of().parseHex(hex));
  }

  static Octets read(ByteBuf in, int length) {
    if (length == 0) {
      return EMPTY;
    }
    byte[] bytes = new byte[length];
    in.readBytes(bytes);
    return new Octets(bytes);
  }

  static Octets copy(ByteBuf in, int index, int length) {
    byte[] bytes = new byte[length];
    in.getBytes(index, bytes);
    return new Octets(bytes);
  }

  void write(ByteBuf out) {
    out.writeBytes(bytes);
  }

  /** How many bytes. */
  public int length() {
    return bytes.length;
  }

  /** The byte at an index, 0..255. */
  public int at(int index) {
    return bytes[index] & 0xff;
  }

  /** A copy of the bytes. */
  public byte[] toArray() {
    return bytes.clone();
  }

  @Override
  public int compareTo(Octets other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Octets o && Arrays.equals(bytes, o.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Hexadecimal, two digits a byte. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
