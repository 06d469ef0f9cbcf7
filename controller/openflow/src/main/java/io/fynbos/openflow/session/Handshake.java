package io.fynbos.openflow.session;

import io.fynbos.openflow.wire.Message;
import io.fynbos.openflow.wire.NiciraMessages;
import io.fynbos.openflow.wire.Octets;
import io.fynbos.openflow.wire.OpenFlowError;
import io.fynbos.openflow.wire.OpenFlowFault;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hello, version, features, and how packets are to come; then the {@link Session} takes its place.
 * It has a deadline, and what it fails with goes to its future.
 */
final class Handshake extends SimpleChannelInboundHandler<ByteBuf> {
  private static final Logger LOG = LoggerFactory.getLogger(Handshake.class);

  private static final int HELLO_XID = 1;
  private static final int FEATURES_XID = 2;
  private static final int SETUP_XID = 3;
  private static final int FIRST_FREE_XID = 16;
  private static final int HELLO_FAILED = 0;
  private static final int INCOMPATIBLE = 0;

  private final int controllerId;
  private final SessionLimits limits;
  private final SwitchListener listener;
  private final CompletableFuture<SwitchSession> done = new CompletableFuture<>();
  private @Nullable ScheduledFuture<?> deadline;
  private boolean helloSent;
  private boolean greeted;

  Handshake(int controllerId, SessionLimits limits, SwitchListener listener) {
    this.controllerId = controllerId;
    this.limits = limits;
    this.listener = listener;
  }

  CompletableFuture<SwitchSession> done() {
    return done;
  }

  /** The connection did not come about. */
  void unreachable(SocketAddress address, Throwable cause) {
    stopDeadline();
    done.completeExceptionally(
        new SessionEnded("cannot connect to " + address + ": " + cause.getMessage(), cause));
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    deadline =
        context
            .executor()
            .schedule(
                () ->
                    fail(context, new SessionEnded("no handshake in " + limits.handshakeTimeout())),
                limits.handshakeTimeout().toNanos(),
                TimeUnit.NANOSECONDS);
    if (context.channel().isActive()) {
      greet(context);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    greet(context);
  }

  private static void write(ChannelHandlerContext context, ByteBuf out) {
    // A write that fails closes the channel, which is told to us.
    var unused = context.writeAndFlush(out, context.voidPromise());
  }

  private void greet(ChannelHandlerContext context) {
    if (helloSent) {
      return;
    }
    helloSent = true;
    ByteBuf out = context.alloc().buffer(16);
    SessionMessages.hello(HELLO_XID, out);
    write(context, out);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ByteBuf message) {
    if (done.isDone()) {
      return;
    }
    int type = Message.type(message);
    if (!greeted) {
      if (type != Message.HELLO) {
        throw new OpenFlowFault("a message of type " + type + " before hello");
      }
      hello(context, message);
    } else if (type == Message.FEATURES_REPLY) {
      features(context, SessionMessages.features(message));
    } else if (type == Message.ECHO_REQUEST) {
      message.setByte(message.readerIndex() + 1, Message.ECHO_REPLY);
      write(context, message.retain());
    } else if (type == Message.ERROR) {
      throw new OpenFlowFault("the peer answers with " + OpenFlowError.decode(message));
    }
  }

  private void hello(ChannelHandlerContext context, ByteBuf message) {
    greeted = true;
    int version = message.getUnsignedByte(message.readerIndex());
    ByteBuf out = context.alloc().buffer(64);
    if (!SessionMessages.speaksOurVersion(message)) {
      byte[] reason = "OpenFlow 1.5 only".getBytes(StandardCharsets.US_ASCII);
      new OpenFlowError(HELLO_FAILED, INCOMPATIBLE, Octets.of(reason)).encode(HELLO_XID, out);
      write(context, out);
      fail(
          context,
          new SessionEnded(
              "the peer speaks OpenFlow up to version byte "
                  + version
                  + " and not 1.5 (6): allow OpenFlow15 on the bridge"));
      return;
    }
    SessionMessages.featuresRequest(FEATURES_XID, out);
    write(context, out);
  }

  private void features(ChannelHandlerContext context, SessionMessages.Features features) {
    if (features.auxiliaryId() != 0) {
      throw new OpenFlowFault("an auxiliary connection");
    }
    ByteBuf out = context.alloc().buffer(64);
    SessionMessages.setConfig(SETUP_XID, out);
    NiciraMessages.packetInFormat(SETUP_XID, out);
    if (controllerId != 0) {
      NiciraMessages.controllerId(controllerId, SETUP_XID, out);
    }
    write(context, out);
    stopDeadline();
    Session session =
        new Session(context.channel(), features.datapathId(), limits, listener, FIRST_FREE_XID);
    context.pipeline().replace(this, "session", session);
    done.complete(session);
  }

  private void stopDeadline() {
    if (deadline != null) {
      deadline.cancel(false);
    }
  }

  private void fail(ChannelHandlerContext context, Exception cause) {
    stopDeadline();
    if (done.completeExceptionally(cause)) {
      LOG.warn(
          "event=handshake-failed remote={} cause=\"{}\"", context.channel(), cause.toString());
    }
    var unused = context.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    fail(context, new SessionEnded("the peer closed the connection before the handshake was done"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Throwable root = cause.getCause() instanceof OpenFlowFault fault ? fault : cause;
    fail(context, new SessionEnded(String.valueOf(root.getMessage()), root));
  }
}
