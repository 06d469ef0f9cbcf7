package io.fynbos.labs.net;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.nio.file.Path;

/**
 * The few calls of the C library that Java lacks: setns(2) and packet(7) sockets. The constants are
 * Linux's, the same on every 64-bit architecture that Debian ships.
 */
final class Libc {
  static final int AF_PACKET = 17;
  static final int SOCK_RAW = 3;
  static final int SOCK_CLOEXEC = 0x80000;
  static final int SOL_SOCKET = 1;
  static final int SO_RCVBUFFORCE = 33;
  static final int SOL_PACKET = 263;
  static final int PACKET_IGNORE_OUTGOING = 23;
  static final int MSG_DONTWAIT = 0x40;
  static final int ETH_P_ALL = 0x0003;
  static final short POLLIN = 1;
  static final int EINTR = 4;
  static final int EAGAIN = 11;
  static final int ENOBUFS = 105;

  private static final int O_RDONLY = 0;
  private static final int O_CLOEXEC = 0x80000;
  private static final int CLONE_NEWNET = 0x40000000;

  static {
    Native.register(Libc.class, "c");
  }

  private Libc() {}

  static native int open(String path, int flags) throws LastErrorException;

  static native int close(int fd) throws LastErrorException;

  static native int setns(int fd, int kind) throws LastErrorException;

  static native int socket(int domain, int type, int protocol) throws LastErrorException;

  static native int bind(int fd, Pointer address, int length) throws LastErrorException;

  static native int setsockopt(int fd, int level, int option, Pointer value, int length)
      throws LastErrorException;

  static native int if_nametoindex(String name) throws LastErrorException;

  static native NativeLong send(int fd, Pointer bytes, NativeLong length, int flags)
      throws LastErrorException;

  static native NativeLong recv(int fd, Pointer bytes, NativeLong length, int flags)
      throws LastErrorException;

  static native int poll(Pointer sockets, NativeLong count, int timeoutMillis)
      throws LastErrorException;

  static native int geteuid();

  /** Moves the calling thread, and no other, into a namespace. */
  static void enterNetworkNamespace(Path namespace) {
    int fd = open(namespace.toString(), O_RDONLY | O_CLOEXEC);
    try {
      setns(fd, CLONE_NEWNET);
    } finally {
      close(fd);
    }
  }

  /** Sets an option whose value is an int. */
  static void option(int fd, int level, int option, int value) {
    try (Memory memory = new Memory(Integer.BYTES)) {
      memory.setInt(0, value);
      setsockopt(fd, level, option, memory, Integer.BYTES);
    }
  }
}
