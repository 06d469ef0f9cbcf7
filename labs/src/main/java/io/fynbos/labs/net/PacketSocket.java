package io.fynbos.labs.net;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Raw Ethernet frames in and out of one interface of one namespace (packet(7)). It sees what comes
 * in, never what the interface itself sends. Sending and receiving may be done by two threads.
 */
public final class PacketSocket implements AutoCloseable {
  private static final int FRAME_BYTES_MAX = 65_536;
  private static final int RECEIVE_BUFFER_BYTES = 8 << 20;
  private static final int ADDRESS_BYTES = 20;

  private final int fd;
  private final Memory outgoing = new Memory(FRAME_BYTES_MAX);
  private final Memory incoming = new Memory(FRAME_BYTES_MAX);

  private PacketSocket(int fd) {
    this.fd = fd;
  }

  /** Opens one; throws when there is no such interface. */
  public static PacketSocket open(Namespace namespace, String interfaceName) {
    return namespace.inside(() -> bound(interfaceName));
  }

  private static PacketSocket bound(String interfaceName) {
    int protocol = bigEndian(Libc.ETH_P_ALL);
    int fd = Libc.socket(Libc.AF_PACKET, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, 0);
    try (Memory address = new Memory(ADDRESS_BYTES)) {
      Libc.option(fd, Libc.SOL_PACKET, Libc.PACKET_IGNORE_OUTGOING, 1);
      Libc.option(fd, Libc.SOL_SOCKET, Libc.SO_RCVBUFFORCE, RECEIVE_BUFFER_BYTES);
      address.clear();
      address.setShort(0, (short) Libc.AF_PACKET);
      address.setShort(2, (short) protocol);
      address.setInt(4, Libc.if_nametoindex(interfaceName));
      Libc.bind(fd, address, ADDRESS_BYTES);
      return new PacketSocket(fd);
    } catch (LastErrorException e) {
      Libc.close(fd);
      throw new IllegalStateException(interfaceName + ": " + e.getMessage(), e);
    }
  }

  /** Sends one frame; false when the interface's queue is full or it is down. */
  public synchronized boolean send(byte[] frame) {
    outgoing.write(0, frame, 0, frame.length);
    try {
      Libc.send(fd, outgoing, new NativeLong(frame.length), 0);
      return true;
    } catch (LastErrorException queueFullOrDown) {
      return false;
    }
  }

  /** The next frame that came in, if there is one now. */
  public Optional<byte[]> receive() {
    try {
      int length =
          Libc.recv(fd, incoming, new NativeLong(FRAME_BYTES_MAX), Libc.MSG_DONTWAIT).intValue();
      return Optional.of(incoming.getByteArray(0, length));
    } catch (LastErrorException e) {
      return Optional.empty();
    }
  }

  int fd() {
    return fd;
  }

  @Override
  public void close() {
    Libc.close(fd);
  }

  private static int bigEndian(int value) {
    return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
        ? Short.reverseBytes((short) value) & 0xffff
        : value;
  }
}
