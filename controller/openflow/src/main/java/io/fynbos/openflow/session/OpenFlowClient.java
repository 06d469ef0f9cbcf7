package io.fynbos.openflow.session;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Connects to a switch that listens, such as Open vSwitch on {@code br-int.mgmt}. */
public final class OpenFlowClient implements AutoCloseable {
  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("openflow-client", true), NioIoHandler.newFactory());

  /** A client with one event loop thread. */
  public OpenFlowClient() {
    SessionMessages.load();
  }

  /**
   * Connects to a Unix domain or TCP address and does the handshake; the future fails with {@link
   * SessionEnded} when either does not work. A controller id other than 0 is told to the switch:
   * packets that {@code controller(id=…)} actions send to it come here.
   */
  public CompletableFuture<SwitchSession> connect(
      SocketAddress address, int controllerId, SessionLimits limits, SwitchListener listener) {
    Handshake handshake = new Handshake(controllerId, limits, listener);
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .option(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(limits.outboundBytesLow(), limits.outboundBytesHigh()))
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) limits.handshakeTimeout().toMillis())
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new FrameDecoder(), handshake);
                  }
                });
    if (address instanceof UnixDomainSocketAddress) {
      bootstrap.channel(NioDomainSocketChannel.class);
    } else {
      bootstrap.channel(NioSocketChannel.class).option(ChannelOption.TCP_NODELAY, true);
    }
    var unused =
        bootstrap
            .connect(address)
            .addListener(
                connected -> {
                  if (!connected.isSuccess()) {
                    handshake.unreachable(address, connected.cause());
                  }
                });
    return handshake.done();
  }

  /** Ends all sessions. */
  @Override
  public void close() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
