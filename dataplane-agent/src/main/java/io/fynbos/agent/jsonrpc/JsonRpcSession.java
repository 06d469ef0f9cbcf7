package io.fynbos.agent.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One connection to a JSON-RPC peer. It answers the peer's echoes and sends its own when the peer
 * is silent (RFC 7047 §4.1.11); a peer that stays silent, breaks the framing, or answers what was
 * not asked loses the session. After that it is closed for good: connecting again is the owner's
 * business. Callbacks and results arrive on the I/O thread.
 */
public final class JsonRpcSession {
  /** Calls under way at once; the next one fails. */
  public static final int CALLS_MAX = 1024;

  /** Waits no longer than this for the peer to accept. */
  private static final int CONNECT_MILLIS = 5_000;

  /** Hears of what the peer does by itself. */
  public interface Listener {
    /** The session can be used. */
    void opened(JsonRpcSession session);

    /** The peer sent a notification. */
    void notified(String method, JsonNode params);

    /** The session ended, or could not begin; told exactly once. */
    void closed(JsonRpcException cause);
  }

  private final Listener listener;
  private final Map<Long, CompletableFuture<JsonNode>> calls = new LinkedHashMap<>();
  private final Channel channel;
  private long lastId;
  private boolean probing;
  private boolean closed;
  private JsonRpcException cause = new JsonRpcException("closed by the peer");

  private JsonRpcSession(Channel channel, Listener listener) {
    this.channel = channel;
    this.listener = listener;
  }

  /**
   * Connects; the listener hears how it went.
   *
   * @param silence how long the peer may say nothing before it is asked to; twice that and the
   *     session ends. Zero never asks.
   */
  public static void connect(
      EventLoopGroup loop, PeerAddress address, Duration silence, Listener listener) {
    Bootstrap bootstrap = new Bootstrap().group(loop);
    bootstrap.channel(
        address instanceof PeerAddress.Unix
            ? NioDomainSocketChannel.class
            : NioSocketChannel.class);
    bootstrap.handler(
        new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel channel) {
            channel
                .pipeline()
                .addLast(
                    new IdleStateHandler(silence.toMillis(), 0, 0, TimeUnit.MILLISECONDS),
                    new JsonFrames(
                        new JsonScanner(JsonRpcMessage.DEPTH_MAX, JsonRpcMessage.FRAME_BYTES_MAX)),
                    new JsonRpcSession(channel, listener).new Handler());
          }
        });
    bootstrap.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS);
    bootstrap
        .connect(address.socketAddress())
        .addListener(
            future -> {
              if (!future.isSuccess()) {
                listener.closed(
                    new JsonRpcException("cannot connect to " + address, future.cause()));
              }
            });
  }

  /** Calls a method; the result fails with {@link JsonRpcException} when refused or cut off. */
  public CompletableFuture<JsonNode> call(String method, JsonNode params) {
    CompletableFuture<JsonNode> result = new CompletableFuture<>();
    channel.eventLoop().execute(() -> start(method, params, result));
    return result;
  }

  /** Ends the session; the listener hears of it. */
  public void close() {
    close(channel);
  }

  private static void close(Channel channel) {
    if (channel.eventLoop().isShuttingDown()) {
      return;
    }
    channel.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
  }

  private void start(String method, JsonNode params, CompletableFuture<JsonNode> result) {
    if (closed) {
      result.completeExceptionally(new JsonRpcException("session is closed", cause));
    } else if (calls.size() >= CALLS_MAX) {
      result.completeExceptionally(new JsonRpcException(CALLS_MAX + " calls are under way"));
    } else {
      long id = ++lastId;
      calls.put(id, result);
      JsonNode idNode = JsonNodeFactory.instance.numberNode(id);
      send(new JsonRpcMessage.Request(idNode, method, params));
    }
  }

  private void send(JsonRpcMessage message) {
    channel
        .writeAndFlush(Unpooled.wrappedBuffer(message.encode()))
        .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
  }

  private void received(JsonRpcMessage message) throws JsonRpcException {
    probing = false;
    if (message instanceof JsonRpcMessage.Request request) {
      answer(request);
    } else if (message instanceof JsonRpcMessage.Notification notification) {
      listener.notified(notification.method(), notification.params());
    } else if (message instanceof JsonRpcMessage.Reply reply) {
      if (!isEcho(reply.id())) {
        called(reply.id()).complete(reply.result());
      }
    } else if (message instanceof JsonRpcMessage.Failure failure) {
      called(failure.id())
          .completeExceptionally(new JsonRpcException("refused: " + failure.error()));
    }
  }

  private void answer(JsonRpcMessage.Request request) {
    send(
        request.method().equals("echo")
            ? new JsonRpcMessage.Reply(request.id(), request.params())
            : new JsonRpcMessage.Failure(request.id(), new TextNode("unknown method")));
  }

  private static boolean isEcho(JsonNode id) {
    return id.isTextual() && id.textValue().equals("echo");
  }

  private CompletableFuture<JsonNode> called(JsonNode id) throws JsonRpcException {
    CompletableFuture<JsonNode> call = id.isIntegralNumber() ? calls.remove(id.longValue()) : null;
    if (call == null) {
      throw new JsonRpcException("reply to a call that was not made: " + id);
    }
    return call;
  }

  private void silent() {
    if (probing) {
      cause = new JsonRpcException("the peer is silent");
      close();
      return;
    }
    probing = true;
    ArrayNode nothing = JsonNodeFactory.instance.arrayNode();
    send(new JsonRpcMessage.Request(new TextNode("echo"), "echo", nothing));
  }

  private void ended() {
    closed = true;
    for (CompletableFuture<JsonNode> call : calls.values()) {
      call.completeExceptionally(new JsonRpcException("session ended", cause));
    }
    calls.clear();
    listener.closed(cause);
  }

  /** The end of the pipeline: whole messages in. */
  private final class Handler extends SimpleChannelInboundHandler<byte[]> {
    @Override
    public void channelActive(ChannelHandlerContext context) {
      listener.opened(JsonRpcSession.this);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, byte[] frame)
        throws JsonRpcException {
      if (!closed) {
        received(JsonRpcMessage.decode(frame));
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof IdleStateEvent idle && idle.state() == IdleState.READER_IDLE) {
        silent();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
      Throwable root =
          thrown instanceof DecoderException && thrown.getCause() != null
              ? thrown.getCause()
              : thrown;
      cause =
          root instanceof JsonRpcException known
              ? known
              : new JsonRpcException("session failed: " + root, root);
      close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      ended();
    }
  }
}
