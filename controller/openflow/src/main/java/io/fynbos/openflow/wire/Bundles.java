package io.fynbos.openflow.wire;

import io.netty.buffer.ByteBuf;

/** OFPT_BUNDLE_ADD_MESSAGE (OpenFlow 1.5 §7.3.9.6): a change put into an open bundle. */
public final class Bundles {
  /** All of it or nothing. */
  public static final int ATOMIC = 1;

  /** In the order given. */
  public static final int ORDERED = 2;

  private static final int BYTES_MIN = 24;

  /** What a bundle-add says. */
  public record Add(int bundle, int flags, Mod mod) {}

  private Bundles() {}

  /** Writes a bundle-add; the inner message has the same xid, as the switch demands. */
  public static void add(int bundle, int flags, Mod mod, int xid, ByteBuf out) {
    int start = Message.begin(out, Message.BUNDLE_ADD, xid);
    out.writeInt(bundle).writeShort(0).writeShort(flags);
    mod.encode(xid, out);
    Message.end(out, start);
  }

  /** Reads a whole bundle-add. */
  public static Add decode(ByteBuf in) {
    int end = Message.open(in, BYTES_MIN, "bundle add");
    int bundle = in.readInt();
    in.skipBytes(2);
    int flags = in.readUnsignedShort();
    int inner = in.readerIndex();
    int innerEnd = Wire.end(inner, in.getUnsignedShort(inner + 2), 8, end, "bundled message");
    return new Add(bundle, flags, Mod.decode(in.slice(inner, innerEnd - inner)));
  }
}
