package io.fynbos.openflow.wire;

import io.netty.buffer.ByteBuf;

/**
 * Reading and writing that every record here shares: checked lengths, padding, odd-sized numbers.
 */
final class Wire {
  /** OpenFlow 1.5's version byte. */
  static final int VERSION = 6;

  /** The experimenter that Open vSwitch's extensions carry. */
  static final int NICIRA = 0x2320;

  private Wire() {}

  /** Refuses to read past an end. */
  static void need(ByteBuf in, int bytes, int end, String what) {
    if (bytes > end - in.readerIndex()) {
      throw new OpenFlowFault(
          "%s of %d bytes in %d".formatted(what, bytes, end - in.readerIndex()));
    }
  }

  /** The end of an item whose length was read, checked against its container's end. */
  static int end(int start, int length, int lengthMin, int containerEnd, String what) {
    if (length < lengthMin || length > containerEnd - start) {
      throw new OpenFlowFault(
          "%s says %d bytes, at least %d and at most %d are possible"
              .formatted(what, length, lengthMin, containerEnd - start));
    }
    return start + length;
  }

  static int masked(int header) {
    int length = header & 0xff;
    return (header & ~0xff) | 0x100 | length * 2;
  }

  static long readNumber(ByteBuf in, int bytes) {
    return switch (bytes) {
      case 1 -> in.readUnsignedByte();
      case 2 -> in.readUnsignedShort();
      case 4 -> in.readUnsignedInt();
      case 8 -> in.readLong();
      default -> {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
          value = value << 8 | in.readUnsignedByte();
        }
        yield value;
      }
    };
  }

  static void writeNumber(ByteBuf out, long value, int bytes) {
    switch (bytes) {
      case 1 -> out.writeByte((int) value);
      case 2 -> out.writeShort((int) value);
      case 4 -> out.writeInt((int) value);
      case 6 -> out.writeShort((int) (value >>> 32)).writeInt((int) value);
      case 8 -> out.writeLong(value);
      default -> {
        for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
          out.writeByte((int) (value >>> shift));
        }
      }
    }
  }

  /** Pads with noughts so that what began at an index takes a multiple of 8 bytes. */
  static void pad8(ByteBuf out, int start) {
    out.writeZero(-(out.writerIndex() - start) & 7);
  }

  static int padded8(int length) {
    return length + 7 & ~7;
  }

  /** Writes the length of what began at an index into its 16-bit field there. */
  static void closeLength(ByteBuf out, int start, int fieldOffset) {
    int length = out.writerIndex() - start;
    if (length > 0xffff) {
      throw new IllegalArgumentException("an item of " + length + " bytes does not fit a message");
    }
    out.setShort(start + fieldOffset, length);
  }
}
