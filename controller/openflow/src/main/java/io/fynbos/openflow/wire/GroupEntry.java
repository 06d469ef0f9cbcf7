package io.fynbos.openflow.wire;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A group as a switch holds it (OpenFlow 1.5 §7.3.4.3), with Open vSwitch's selection method
 * property. Properties this package does not know stay as bytes.
 */
public record GroupEntry(
    int id, Type type, List<Bucket> buckets, Optional<Selection> selection, List<Octets> unknown)
    implements Comparable<GroupEntry> {
  /** All groups, in a request or deletion. */
  public static final int ALL = 0xfffffffc;

  private static final int DESC_BYTES = 16;

  /** The longest name of a selection method. */
  private static final int METHOD_BYTES = 16;

  private static final int EXPERIMENTER = 0xffff;
  private static final int NETRONOME = 0x154d;
  private static final int SELECTION_METHOD = 1;
  private static final int SELECTION_BYTES = 40;

  /** How a group uses its buckets. */
  public enum Type {
    ALL("all"),
    SELECT("select"),
    INDIRECT("indirect"),
    FAST_FAILOVER("ff");

    private final String text;

    Type(String text) {
      this.text = text;
    }

    @SuppressWarnings("EnumOrdinal") // declared in the order of the numbers on the wire
    int code() {
      return ordinal();
    }
  }

  /**
   * How a select group chooses: {@code dp_hash} or {@code hash}, its parameter, and the fields that
   * are hashed, each with the mask as its value.
   */
  public record Selection(String method, long parameter, List<Oxm> fields) {
    /** The datapath's hash, which also spreads what the tunnel hides. */
    public static final Selection DP_HASH = new Selection("dp_hash", 0, List.of());

    public Selection {
      if (method.length() >= METHOD_BYTES || !method.chars().allMatch(c -> c > 32 && c < 127)) {
        throw new IllegalArgumentException("selection method " + method);
      }
      fields = fields.stream().sorted().toList();
    }
  }

  public GroupEntry {
    buckets = List.copyOf(buckets);
    unknown = List.copyOf(unknown);
  }

  /** A select group over the datapath's hash. */
  public static GroupEntry select(int id, Bucket... buckets) {
    return new GroupEntry(
        id, Type.SELECT, List.of(buckets), Optional.of(Selection.DP_HASH), List.of());
  }

  /** A group without properties. */
  public static GroupEntry of(int id, Type type, Bucket... buckets) {
    return new GroupEntry(id, type, List.of(buckets), Optional.empty(), List.of());
  }

  @Override
  public int compareTo(GroupEntry other) {
    return Integer.compareUnsigned(id, other.id);
  }

  /** Writes buckets and properties; returns the bytes of the buckets. */
  int encodeBody(ByteBuf out) {
    int start = out.writerIndex();
    buckets.forEach(bucket -> bucket.encode(type, out));
    int bucketBytes = out.writerIndex() - start;
    selection.ifPresent(chosen -> encode(chosen, out));
    unknown.forEach(property -> property.write(out));
    return bucketBytes;
  }

  private static void encode(Selection selection, ByteBuf out) {
    int start = out.writerIndex();
    out.writeShort(EXPERIMENTER).writeShort(0).writeInt(NETRONOME).writeInt(SELECTION_METHOD);
    out.writeInt(0);
    for (int i = 0; i < METHOD_BYTES; i++) {
      out.writeByte(i < selection.method().length() ? selection.method().charAt(i) : 0);
    }
    out.writeLong(selection.parameter());
    selection.fields().forEach(field -> field.encode(out));
    Wire.closeLength(out, start, 2);
    Wire.pad8(out, start);
  }

  /** Writes a request for all groups (OFPMP_GROUP_DESC). */
  public static void request(int xid, ByteBuf out) {
    int start =
        Message.beginMultipart(out, Message.MULTIPART_REQUEST, xid, Message.GROUP_DESC, false);
    out.writeInt(ALL).writeInt(0);
    Message.end(out, start);
  }

  /** Writes one part of an answer. */
  public static void encodeReply(List<GroupEntry> groups, boolean more, int xid, ByteBuf out) {
    int start = Message.beginMultipart(out, Message.MULTIPART_REPLY, xid, Message.GROUP_DESC, more);
    for (GroupEntry group : groups) {
      int item = out.writerIndex();
      out.writeShort(0).writeByte(group.type.code()).writeByte(0).writeInt(group.id);
      out.writeShort(0).writeZero(6);
      out.setShort(item + 8, group.encodeBody(out));
      Wire.closeLength(out, item, 0);
    }
    Message.end(out, start);
  }

  /** Adds the groups of one part of an answer, a whole message. */
  public static void decodeReply(ByteBuf in, List<GroupEntry> into) {
    int end = Message.openMultipart(in, Message.GROUP_DESC, "group description");
    while (in.readerIndex() < end) {
      int start = in.readerIndex();
      Wire.need(in, DESC_BYTES, end, "group description");
      int length = in.readUnsignedShort();
      int type = in.readUnsignedByte();
      in.skipBytes(1);
      int id = in.readInt();
      int bucketBytes = in.readUnsignedShort();
      in.skipBytes(6);
      int itemEnd = Wire.end(start, length, DESC_BYTES, end, "group description");
      into.add(decodeBody(in, id, type, bucketBytes, itemEnd));
    }
  }

  /** Reads buckets and properties up to an index. */
  static GroupEntry decodeBody(ByteBuf in, int id, int typeCode, int bucketBytes, int end) {
    if (typeCode >= Type.values().length) {
      throw new OpenFlowFault("a group of type " + typeCode);
    }
    Type type = Type.values()[typeCode];
    int bucketsEnd = Wire.end(in.readerIndex(), bucketBytes, 0, end, "buckets");
    List<Bucket> buckets = new ArrayList<>(4);
    while (in.readerIndex() < bucketsEnd) {
      buckets.add(Bucket.decode(in, bucketsEnd, type));
    }
    Optional<Selection> selection = Optional.empty();
    List<Octets> unknown = new ArrayList<>(0);
    while (in.readerIndex() < end) {
      int start = in.readerIndex();
      Wire.need(in, 4, end, "group property");
      int kind = in.readUnsignedShort();
      int length = in.readUnsignedShort();
      int propertyEnd = Wire.end(start, length, 4, end, "group property");
      int next = Wire.end(start, Wire.padded8(length), 8, end, "group property");
      Optional<Selection> found =
          kind == EXPERIMENTER && length >= SELECTION_BYTES && selection.isEmpty()
              ? decodeSelection(in, propertyEnd)
              : Optional.empty();
      if (found.isPresent()) {
        selection = found;
      } else {
        unknown.add(Octets.copy(in, start, next - start));
      }
      in.readerIndex(next);
    }
    return new GroupEntry(id, type, buckets, selection, unknown);
  }

  private static Optional<Selection> decodeSelection(ByteBuf in, int end) {
    if (in.readInt() != NETRONOME || in.readInt() != SELECTION_METHOD) {
      return Optional.empty();
    }
    in.skipBytes(4);
    StringBuilder method = new StringBuilder(METHOD_BYTES);
    for (int i = 0; i < METHOD_BYTES; i++) {
      int character = in.readUnsignedByte();
      if (character != 0) {
        method.append((char) character);
      }
    }
    long parameter = in.readLong();
    List<Oxm> fields = new ArrayList<>(0);
    while (in.readerIndex() < end) {
      fields.add(Oxm.decode(in, end));
    }
    try {
      return Optional.of(new Selection(method.toString(), parameter, fields));
    } catch (IllegalArgumentException unprintable) {
      return Optional.empty();
    }
  }

  /** As ovs-ofctl dumps it in OpenFlow 1.5. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("group_id=").append(Integer.toUnsignedString(id));
    text.append(",type=").append(type.text);
    selection.ifPresent(
        chosen -> {
          text.append(",selection_method=").append(chosen.method());
          if (chosen.parameter() != 0) {
            text.append(",selection_method_param=").append(chosen.parameter());
          }
          if (!chosen.fields().isEmpty()) {
            text.append(",fields(");
            chosen.fields().forEach(field -> text.append(fieldText(field)).append(','));
            text.setCharAt(text.length() - 1, ')');
          }
        });
    buckets.forEach(bucket -> text.append(',').append(bucket.text(type)));
    return text.toString();
  }

  private static String fieldText(Oxm field) {
    boolean all =
        field instanceof Oxm.Narrow narrow
            ? narrow.value() == narrow.field().ones()
            : field instanceof Oxm.Wide wide && (wide.high() & wide.low()) == -1L;
    String text = field.toString();
    return all ? text.substring(0, text.indexOf('=')) : text;
  }
}
