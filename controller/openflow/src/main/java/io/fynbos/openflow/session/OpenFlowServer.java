package io.fynbos.openflow.session;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for switches, over TCP or TLS. Few event loop threads serve all of them. */
public final class OpenFlowServer implements AutoCloseable {
  /** Connections at once; one more is closed as it comes. */
  public static final int CONNECTIONS_MAX = 4096;

  private static final Logger LOG = LoggerFactory.getLogger(OpenFlowServer.class);
  private static final int THREADS = 2;

  private final EventLoopGroup loops;
  private final ChannelGroup connections;
  private final Channel listening;

  private OpenFlowServer(EventLoopGroup loops, ChannelGroup connections, Channel listening) {
    this.loops = loops;
    this.connections = connections;
    this.listening = listening;
  }

  /**
   * Listens. Port 0 takes any free one, see {@link #address}.
   *
   * @throws UncheckedIOException when the address cannot be bound or a TLS file not be read
   */
  public static OpenFlowServer listen(
      InetSocketAddress address,
      Optional<TlsFiles> tls,
      SessionLimits limits,
      SwitchListener listener) {
    SessionMessages.load();
    Optional<SslContext> secure = tls.map(TlsFiles::serverContext);
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(
            THREADS, new DefaultThreadFactory("openflow", true), NioIoHandler.newFactory());
    ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(limits.outboundBytesLow(), limits.outboundBytesHigh()))
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    if (connections.size() >= CONNECTIONS_MAX) {
                      LOG.warn("event=connection-refused remote={}", channel.remoteAddress());
                      var unused = channel.close();
                      return;
                    }
                    connections.add(channel);
                    secure.ifPresent(
                        context -> channel.pipeline().addLast(context.newHandler(channel.alloc())));
                    channel
                        .pipeline()
                        .addLast(new FrameDecoder(), new Handshake(0, limits, listener));
                  }
                });
    var bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      var unused = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw new UncheckedIOException(
          new IOException("cannot listen on " + address + ": " + bound.cause().getMessage()));
    }
    LOG.info("event=openflow-listening address={} tls={}", bound.channel(), tls.isPresent());
    return new OpenFlowServer(loops, connections, bound.channel());
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listening.localAddress();
  }

  /** Ends all sessions and stops listening. */
  @Override
  public void close() {
    listening.close().awaitUninterruptibly();
    connections.close().awaitUninterruptibly();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
