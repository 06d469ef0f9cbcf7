package io.fynbos.labs.net;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A token of ours in a packet that came in.
 *
 * @param token the one that the probe carried
 * @param kind whether it is the probe itself or something that came back for it
 */
public record Sighting(int token, Kind kind) {
  private static final int SYN = 0x02;
  private static final int RST = 0x04;
  private static final int ACK = 0x10;

  /** What a packet is to the probe whose token it shows. */
  public enum Kind {
    PROBE,
    ANSWER,
    ERROR
  }

  /** What this frame shows of our tokens, if anything. */
  public static Optional<Sighting> in(byte[] frame) {
    return IpPacket.inFrame(frame).flatMap(Sighting::in);
  }

  private static Optional<Sighting> in(IpPacket packet) {
    ByteBuffer bytes = ByteBuffer.wrap(packet.payload());
    return switch (packet.protocol()) {
      case Segment.TCP -> tcp(bytes);
      case Segment.UDP -> udp(bytes);
      case Segment.ICMP, Segment.ICMPV6 -> icmp(bytes, packet.v6());
      case Segment.SCTP -> sctp(bytes);
      default -> marked(bytes, 0, Kind.PROBE);
    };
  }

  private static Optional<Sighting> tcp(ByteBuffer bytes) {
    if (bytes.capacity() < 8) {
      return Optional.empty();
    }
    if (bytes.capacity() < 14) {
      return Optional.of(new Sighting(bytes.getInt(4), Kind.PROBE));
    }
    int flags = bytes.get(13);
    if ((flags & (SYN | ACK)) == SYN) {
      return Optional.of(new Sighting(bytes.getInt(4), Kind.PROBE));
    }
    return (flags & (SYN | RST)) != 0 && (flags & ACK) != 0
        ? Optional.of(new Sighting(bytes.getInt(8) - 1, Kind.ANSWER))
        : marked(bytes, (bytes.get(12) >> 4 & 0xf) * 4, Kind.PROBE);
  }

  /** An echoed datagram differs from its probe only in where it arrives: both are PROBE here. */
  private static Optional<Sighting> udp(ByteBuffer bytes) {
    return marked(bytes, 8, Kind.PROBE);
  }

  private static Optional<Sighting> sctp(ByteBuffer bytes) {
    return bytes.capacity() >= 20 && bytes.get(12) == 1
        ? Optional.of(new Sighting(bytes.getInt(16), Kind.PROBE))
        : Optional.empty();
  }

  private static Optional<Sighting> icmp(ByteBuffer bytes, boolean v6) {
    if (bytes.capacity() < 12) {
      return Optional.empty();
    }
    int type = bytes.get(0) & 0xff;
    if (Segment.isIcmpError(v6 ? Segment.ICMPV6 : Segment.ICMP, type)) {
      byte[] quoted = new byte[bytes.capacity() - 8];
      bytes.get(8, quoted);
      return IpPacket.decode(quoted)
          .map(packet -> in(packet).map(inner -> new Sighting(inner.token(), Kind.ERROR)))
          .orElseGet(() -> marked(bytes, 12, Kind.PROBE));
    }
    if (!v6 && type == 14) {
      return Optional.of(new Sighting(bytes.getInt(8), Kind.ANSWER));
    }
    boolean answer = v6 ? type == 129 : type == 0;
    return marked(bytes, 12, answer ? Kind.ANSWER : Kind.PROBE);
  }

  private static Optional<Sighting> marked(ByteBuffer bytes, int at, Kind kind) {
    return bytes.capacity() >= at + 8 && bytes.getInt(at) == Segment.MAGIC
        ? Optional.of(new Sighting(bytes.getInt(at + 4), kind))
        : Optional.empty();
  }
}
