package io.fynbos.agent.unixctl;

import io.fynbos.agent.jsonrpc.JsonRpcException;
import io.fynbos.agent.jsonrpc.JsonRpcMessage;
import io.fynbos.agent.jsonrpc.JsonScanner;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.io.ByteArrayOutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/**
 * One command and as much of its text as fits a bound: the connection is closed in the middle of a
 * longer one, which costs the daemon nothing. What was read of it is the beginning of a JSON
 * message, so the string in it is taken apart here.
 */
final class ReplyHead extends SimpleChannelInboundHandler<ByteBuf> {
  private static final String RESULT = "\"result\":\"";

  private final JsonRpcMessage.Request request;
  private final int bytesMax;
  private final CompletableFuture<ControlSocket.Head> result;
  private final JsonScanner scanner;
  private final ByteArrayOutputStream read = new ByteArrayOutputStream();

  private ReplyHead(
      JsonRpcMessage.Request request, int bytesMax, CompletableFuture<ControlSocket.Head> result) {
    this.request = request;
    this.bytesMax = bytesMax;
    this.result = result;
    this.scanner = new JsonScanner(JsonRpcMessage.DEPTH_MAX, Integer.MAX_VALUE);
  }

  /** Asks the daemon behind a socket; the future settles on the I/O thread. */
  static void ask(
      EventLoopGroup loop,
      Path socket,
      JsonRpcMessage.Request request,
      int bytesMax,
      CompletableFuture<ControlSocket.Head> result) {
    new Bootstrap()
        .group(loop)
        .channel(NioDomainSocketChannel.class)
        .handler(new ReplyHead(request, bytesMax, result))
        .connect(UnixDomainSocketAddress.of(socket))
        .addListener(
            future -> {
              if (!future.isSuccess()) {
                result.completeExceptionally(
                    new JsonRpcException("cannot connect to " + socket, future.cause()));
              }
            });
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    var unused = result.whenComplete((head, failure) -> close(context));
    context
        .writeAndFlush(Unpooled.wrappedBuffer(request.encode()))
        .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ByteBuf in) throws JsonRpcException {
    while (in.isReadable() && !result.isDone()) {
      byte next = in.readByte();
      read.write(next);
      if (scanner.completes(next)) {
        whole();
      } else if (read.size() >= bytesMax) {
        String text = beginning(read.toString(StandardCharsets.UTF_8));
        result.complete(new ControlSocket.Head(text, false));
      }
    }
  }

  private void whole() throws JsonRpcException {
    JsonRpcMessage message = JsonRpcMessage.decode(read.toByteArray());
    if (message instanceof JsonRpcMessage.Reply reply) {
      result.complete(new ControlSocket.Head(reply.result().asText(), true));
    } else if (message instanceof JsonRpcMessage.Failure failure) {
      result.completeExceptionally(new JsonRpcException("refused: " + failure.error()));
    } else {
      result.completeExceptionally(new JsonRpcException("a call in place of a reply"));
    }
  }

  /** The string after {@code "result":} as far as it goes; none where there is none. */
  static String beginning(String json) {
    int from = json.indexOf(RESULT);
    StringBuilder text = new StringBuilder();
    for (int at = from + RESULT.length(); from >= 0 && at < json.length(); at++) {
      char next = json.charAt(at);
      if (next == '"') {
        break;
      }
      if (next != '\\') {
        text.append(next);
        continue;
      }
      int length = at + 1 < json.length() && json.charAt(at + 1) == 'u' ? 5 : 1;
      if (at + length >= json.length()) {
        break;
      }
      text.append(unescaped(json.substring(at + 1, at + 1 + length)));
      at += length;
    }
    return text.toString();
  }

  private static String unescaped(String escape) {
    return switch (escape.charAt(0)) {
      case 'n' -> "\n";
      case 't' -> "\t";
      case 'r' -> "\r";
      case 'b' -> "\b";
      case 'f' -> "\f";
      case 'u' ->
          escape.matches("u[0-9a-fA-F]{4}")
              ? Character.toString((char) Integer.parseInt(escape, 1, 5, 16))
              : "?";
      default -> escape;
    };
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    result.completeExceptionally(
        cause instanceof JsonRpcException known
            ? known
            : new JsonRpcException("the control socket failed: " + cause, cause));
    close(context);
  }

  private static void close(ChannelHandlerContext context) {
    context.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    result.completeExceptionally(new JsonRpcException("closed by the peer"));
  }
}
