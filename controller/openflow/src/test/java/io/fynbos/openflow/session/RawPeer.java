package io.fynbos.openflow.session;

import io.fynbos.openflow.wire.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.function.Consumer;

/** A switch written by hand, which says what it is told to and nothing else. */
final class RawPeer implements AutoCloseable {
  private final Socket socket;
  private final DataInputStream in;

  /** A connection that has said nothing yet. */
  RawPeer(InetSocketAddress server) {
    try {
      socket = new Socket();
      socket.setReceiveBufferSize(1 << 16);
      socket.connect(server);
      socket.setSoTimeout(10_000);
      in = new DataInputStream(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A peer that has done the handshake as the switch of an id. */
  static RawPeer greeted(InetSocketAddress server, long datapathId) {
    RawPeer peer = new RawPeer(server);
    peer.send("0600000800000001");
    ByteBuf request = peer.readUntil(Message.FEATURES_REQUEST);
    peer.write(
        out -> {
          int start = Message.begin(out, Message.FEATURES_REPLY, Message.xid(request));
          out.writeLong(datapathId).writeInt(0).writeByte(254).writeByte(0).writeShort(0);
          out.writeInt(0).writeInt(0);
          Message.end(out, start);
        });
    return peer;
  }

  void send(String hex) {
    send(ByteBufUtil.decodeHexDump(hex));
  }

  void send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void write(Consumer<ByteBuf> encoder) {
    ByteBuf out = Unpooled.buffer();
    encoder.accept(out);
    send(ByteBufUtil.getBytes(out));
  }

  /** The next whole message. */
  ByteBuf read() {
    try {
      byte[] header = in.readNBytes(4);
      if (header.length < 4) {
        throw new UncheckedIOException(new IOException("closed"));
      }
      int length = (header[2] & 0xff) << 8 | (header[3] & 0xff);
      return Unpooled.wrappedBuffer(header, in.readNBytes(length - 4));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next message of a type, leaving out others. */
  ByteBuf readUntil(int type) {
    while (true) {
      ByteBuf message = read();
      if (Message.type(message) == type) {
        return message;
      }
    }
  }

  /** Answers every barrier and echo, until the connection ends. */
  void serve() {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (true) {
                  ByteBuf message = read();
                  int type = Message.type(message);
                  if (type == Message.BARRIER_REQUEST || type == Message.ECHO_REQUEST) {
                    message.setByte(1, type + 1);
                    send(ByteBufUtil.getBytes(message));
                  }
                }
              } catch (UncheckedIOException over) {
                // The test is done with it.
              }
            },
            "raw-peer");
    thread.setDaemon(true);
    thread.start();
  }

  /** Reads until the other side closes; a reset is a close too. */
  void expectClosed() {
    try {
      while (in.read() >= 0) {}
    } catch (SocketTimeoutException open) {
      throw new AssertionError("still open after 10 s", open);
    } catch (IOException reset) {
      // Closed with bytes of ours unread.
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
