package io.fynbos.labs.net;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * What a probe carries above IP. Each alternative hides a 32-bit token in itself, where the
 * receiver, its answer, or an ICMP error that quotes it shows it again ({@link Sighting}).
 */
public sealed interface Segment {
  /** Stands before the token wherever the protocol has no field of its own for it. */
  int MAGIC = 0x66796e62;

  int ICMP = 1;
  int TCP = 6;
  int UDP = 17;
  int ICMPV6 = 58;
  int SCTP = 132;

  /** The IANA number. */
  int protocol();

  /** Whether an ICMP message of this type is about another packet, which it quotes. */
  static boolean isIcmpError(int protocol, int type) {
    return protocol == ICMPV6
        ? type < 128
        : type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
  }

  /** The bytes above IP, checksum and token included. */
  byte[] encode(InetAddress source, InetAddress destination, int token);

  /** The packet that carries it. */
  default IpPacket packet(InetAddress source, InetAddress destination, int token) {
    return new IpPacket(source, destination, protocol(), encode(source, destination, token));
  }

  /** The first packet of a TCP connection; the token is its sequence number. */
  record Syn(int sourcePort, int destinationPort) implements Segment {
    @Override
    public int protocol() {
      return TCP;
    }

    @Override
    public byte[] encode(InetAddress source, InetAddress destination, int token) {
      ByteBuffer bytes = ByteBuffer.allocate(20);
      bytes.putShort((short) sourcePort).putShort((short) destinationPort);
      bytes.putInt(token).putInt(0).putShort((short) 0x5002).putShort((short) 64_240).putInt(0);
      return bytes
          .putShort(16, InternetChecksum.of(source, destination, TCP, bytes.array()))
          .array();
    }
  }

  /** A segment of a TCP connection that has begun, with the token as its data. */
  record Data(int sourcePort, int destinationPort) implements Segment {
    private static final short PUSH_AND_ACK = 0x5018;

    @Override
    public int protocol() {
      return TCP;
    }

    @Override
    public byte[] encode(InetAddress source, InetAddress destination, int token) {
      ByteBuffer bytes = ByteBuffer.allocate(28);
      bytes.putShort((short) sourcePort).putShort((short) destinationPort);
      bytes.putInt(token).putInt(1).putShort(PUSH_AND_ACK).putShort((short) 64_240).putInt(0);
      bytes.putInt(MAGIC).putInt(token);
      return bytes
          .putShort(16, InternetChecksum.of(source, destination, TCP, bytes.array()))
          .array();
    }
  }

  /**
   * A UDP datagram that fills several fragments. The first shows the token, each that follows the
   * next one.
   */
  record LongDatagram(int sourcePort, int destinationPort, int fragments) implements Segment {
    /** What each fragment carries of it. */
    public static final int FRAGMENT_BYTES = 512;

    @Override
    public int protocol() {
      return UDP;
    }

    @Override
    public byte[] encode(InetAddress source, InetAddress destination, int token) {
      ByteBuffer bytes = ByteBuffer.allocate(fragments * FRAGMENT_BYTES);
      bytes.putShort((short) sourcePort).putShort((short) destinationPort);
      bytes.putShort((short) bytes.capacity()).putShort((short) 0);
      for (int i = 0; i < fragments; i++) {
        bytes.putInt(i * FRAGMENT_BYTES + 8, MAGIC).putInt(i * FRAGMENT_BYTES + 12, token + i);
      }
      short sum = InternetChecksum.of(source, destination, UDP, bytes.array());
      return bytes.putShort(6, sum == 0 ? (short) 0xffff : sum).array();
    }
  }

  /** A UDP datagram with the token as its payload. */
  record Datagram(int sourcePort, int destinationPort) implements Segment {
    @Override
    public int protocol() {
      return UDP;
    }

    @Override
    public byte[] encode(InetAddress source, InetAddress destination, int token) {
      ByteBuffer bytes = ByteBuffer.allocate(16);
      bytes.putShort((short) sourcePort).putShort((short) destinationPort);
      bytes.putShort((short) 16).putShort((short) 0).putInt(MAGIC).putInt(token);
      short sum = InternetChecksum.of(source, destination, UDP, bytes.array());
      return bytes.putShort(6, sum == 0 ? (short) 0xffff : sum).array();
    }
  }

  /**
   * An ICMP message of either family. The second word holds the low half of the token as id, which
   * makes each probe a connection of its own; the whole token follows where a timestamp request has
   * its first time, then once more after the magic.
   */
  record Icmp(int protocol, int type, int code) implements Segment {
    @Override
    public byte[] encode(InetAddress source, InetAddress destination, int token) {
      return Echo.bytes(protocol, type, code, source, destination, token, token);
    }
  }

  /**
   * An ICMP message of either family with this id: an echo request or reply of one conversation.
   */
  record Echo(int protocol, int type, int id) implements Segment {
    @Override
    public byte[] encode(InetAddress source, InetAddress destination, int token) {
      return bytes(protocol, type, 0, source, destination, id, token);
    }

    static byte[] bytes(
        int protocol,
        int type,
        int code,
        InetAddress source,
        InetAddress destination,
        int id,
        int token) {
      ByteBuffer bytes = ByteBuffer.allocate(20);
      bytes.put((byte) type).put((byte) code).putShort((short) 0);
      bytes.putShort((short) id).putShort((short) 1).putInt(token).putInt(MAGIC).putInt(token);
      short sum =
          protocol == ICMP
              ? InternetChecksum.of(bytes.array())
              : InternetChecksum.of(source, destination, ICMPV6, bytes.array());
      return bytes.putShort(2, sum).array();
    }
  }

  /** An SCTP INIT (RFC 9260 §3.3.2); the token is its initiate tag. */
  record Sctp(int sourcePort, int destinationPort) implements Segment {
    @Override
    public int protocol() {
      return SCTP;
    }

    @Override
    public byte[] encode(InetAddress source, InetAddress destination, int token) {
      ByteBuffer bytes = ByteBuffer.allocate(32);
      bytes.putShort((short) sourcePort).putShort((short) destinationPort).putInt(0).putInt(0);
      bytes.put((byte) 1).put((byte) 0).putShort((short) 20).putInt(token);
      bytes.putInt(65_536).putShort((short) 1).putShort((short) 1).putInt(token);
      CRC32C sum = new CRC32C();
      sum.update(bytes.array());
      bytes.order(ByteOrder.LITTLE_ENDIAN).putInt(8, (int) sum.getValue());
      return bytes.array();
    }
  }

  /** Any other protocol: the magic and the token, and nothing else. */
  record Other(int protocol) implements Segment {
    @Override
    public byte[] encode(InetAddress source, InetAddress destination, int token) {
      return ByteBuffer.allocate(8).putInt(MAGIC).putInt(token).array();
    }
  }
}
