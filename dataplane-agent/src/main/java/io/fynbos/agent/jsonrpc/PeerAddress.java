package io.fynbos.agent.jsonrpc;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/**
 * Where a peer listens, written as Open vSwitch writes it: {@code unix:PATH} or {@code
 * tcp:IP:PORT}.
 */
public sealed interface PeerAddress {
  /** A socket in the file system. */
  record Unix(Path path) implements PeerAddress {
    @Override
    public SocketAddress socketAddress() {
      return UnixDomainSocketAddress.of(path);
    }

    @Override
    public String toString() {
      return "unix:" + path;
    }
  }

  /** A TCP port; an IPv6 address stands in brackets. */
  record Tcp(String host, int port) implements PeerAddress {
    public Tcp {
      if (host.isEmpty() || port < 1 || port > 65535) {
        throw new IllegalArgumentException("host " + host + " port " + port);
      }
    }

    @Override
    public SocketAddress socketAddress() {
      return new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
      return "tcp:" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /** As the JDK names it. */
  SocketAddress socketAddress();

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException saying which form was expected
   */
  static PeerAddress parse(String text) {
    if (text.startsWith("unix:") && text.length() > 5) {
      return new Unix(Path.of(text.substring(5)));
    }
    int colon = text.lastIndexOf(':');
    if (text.startsWith("tcp:") && colon > 4) {
      String host = text.substring(4, colon);
      if (host.startsWith("[") && host.endsWith("]")) {
        host = host.substring(1, host.length() - 1);
      }
      try {
        return new Tcp(host, Integer.parseInt(text.substring(colon + 1)));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(expected(text), e);
      }
    }
    throw new IllegalArgumentException(expected(text));
  }

  private static String expected(String text) {
    return "expected unix:PATH or tcp:IP:PORT, found '" + text + "'";
  }
}
