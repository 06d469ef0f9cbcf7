package io.fynbos.openflow.wire;

import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * Address translation inside {@link Ct} (Open vSwitch's NXAST_NAT). Without a direction, only
 * connections that already have a translation are translated.
 */
public record Nat(int flags, Optional<Range> addresses, Optional<PortsRange> ports)
    implements Action {
  /** Translate the source. */
  public static final int SRC = 1;

  /** Translate the destination. */
  public static final int DST = 2;

  /** Keep the mapping over restarts. */
  public static final int PERSISTENT = 4;

  /** Choose ports by a hash. */
  public static final int PROTO_HASH = 8;

  /** Choose ports at random. */
  public static final int PROTO_RANDOM = 16;

  /** Translate what already is translated. */
  public static final Nat EXISTING = new Nat(0, Optional.empty(), Optional.empty());

  private static final int IPV4_MIN = 1;
  private static final int IPV4_MAX = 2;
  private static final int IPV6_MIN = 4;
  private static final int IPV6_MAX = 8;
  private static final int PROTO_MIN = 16;
  private static final int PROTO_MAX = 32;

  /** Addresses to choose from, both ends included; IPv4 in the low 32 bits. */
  public record Range(boolean v6, long minHigh, long minLow, long maxHigh, long maxLow) {
    boolean single() {
      return minHigh == maxHigh && minLow == maxLow;
    }
  }

  /** Ports to choose from, both ends included. */
  public record PortsRange(int min, int max) {
    public PortsRange {
      if (min < 1 || max < min || max > 0xffff) {
        throw new IllegalArgumentException("there are no ports " + min + "-" + max);
      }
    }
  }

  @Override
  public void encode(ByteBuf out) {
    int start = out.writerIndex();
    ActionType.begin(out, ActionType.NAT, 0);
    out.writeZero(2).writeShort(flags);
    int present = out.writerIndex();
    out.writeShort(0);
    int bits = addresses.map(range -> encode(range, out)).orElse(0);
    if (ports.isPresent()) {
      bits |= PROTO_MIN;
      out.writeShort(ports.get().min());
      if (ports.get().max() != ports.get().min()) {
        bits |= PROTO_MAX;
        out.writeShort(ports.get().max());
      }
    }
    out.setShort(present, bits);
    ActionType.end(out, start);
  }

  private static int encode(Range range, ByteBuf out) {
    if (range.v6()) {
      out.writeLong(range.minHigh()).writeLong(range.minLow());
      if (range.single()) {
        return IPV6_MIN;
      }
      out.writeLong(range.maxHigh()).writeLong(range.maxLow());
      return IPV6_MIN | IPV6_MAX;
    }
    out.writeInt((int) range.minLow());
    if (range.single()) {
      return IPV4_MIN;
    }
    out.writeInt((int) range.maxLow());
    return IPV4_MIN | IPV4_MAX;
  }

  /** Reads what follows the subtype. */
  static Nat decode(ByteBuf in, int end) {
    Wire.need(in, 6, end, "nat");
    in.skipBytes(2);
    int flags = in.readUnsignedShort();
    int present = in.readUnsignedShort();
    int bytes =
        ((present & IPV4_MIN) != 0 ? 4 : 0)
            + ((present & IPV4_MAX) != 0 ? 4 : 0)
            + ((present & IPV6_MIN) != 0 ? 16 : 0)
            + ((present & IPV6_MAX) != 0 ? 16 : 0)
            + ((present & PROTO_MIN) != 0 ? 2 : 0)
            + ((present & PROTO_MAX) != 0 ? 2 : 0);
    Wire.need(in, bytes, end, "nat ranges");
    Optional<Range> addresses = Optional.empty();
    if ((present & IPV4_MIN) != 0) {
      long min = in.readUnsignedInt();
      long max = (present & IPV4_MAX) != 0 ? in.readUnsignedInt() : min;
      addresses = Optional.of(new Range(false, 0, min, 0, max));
    }
    if ((present & IPV6_MIN) != 0) {
      long high = in.readLong();
      long low = in.readLong();
      boolean range = (present & IPV6_MAX) != 0;
      addresses =
          Optional.of(
              new Range(
                  true, high, low, range ? in.readLong() : high, range ? in.readLong() : low));
    }
    Optional<PortsRange> ports = Optional.empty();
    if ((present & PROTO_MIN) != 0) {
      int min = in.readUnsignedShort();
      int max = (present & PROTO_MAX) != 0 ? in.readUnsignedShort() : min;
      ports = Optional.of(new PortsRange(min, max));
    }
    return new Nat(flags, addresses, ports);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    if ((flags & (SRC | DST)) != 0) {
      text.append((flags & SRC) != 0 ? "src" : "dst");
      addresses.ifPresent(range -> text.append('=').append(text(range)));
      if (ports.isPresent()) {
        PortsRange range = ports.get();
        text.append(addresses.isEmpty() ? "=:" : ":").append(range.min());
        if (range.max() != range.min()) {
          text.append('-').append(range.max());
        }
      }
      text.append((flags & PERSISTENT) != 0 ? ",persistent" : "");
      text.append((flags & PROTO_HASH) != 0 ? ",hash" : "");
      text.append((flags & PROTO_RANDOM) != 0 ? ",random" : "");
    }
    return text.isEmpty() ? "nat" : "nat(" + text + ")";
  }

  private String text(Range range) {
    if (!range.v6()) {
      return OxmText.ipv4(range.minLow())
          + (range.single() ? "" : "-" + OxmText.ipv4(range.maxLow()));
    }
    String open = ports.isPresent() ? "[" : "";
    String close = ports.isPresent() ? "]" : "";
    String min = OxmText.ipv6(range.minHigh(), range.minLow());
    return range.single()
        ? open + min + close
        : open + min + close + "-" + open + OxmText.ipv6(range.maxHigh(), range.maxLow()) + close;
  }
}
