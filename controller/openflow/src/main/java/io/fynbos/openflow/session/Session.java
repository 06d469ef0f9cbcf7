package io.fynbos.openflow.session;

import io.fynbos.openflow.wire.FlowStats;
import io.fynbos.openflow.wire.GroupEntry;
import io.fynbos.openflow.wire.Message;
import io.fynbos.openflow.wire.MeterEntry;
import io.fynbos.openflow.wire.MeterStats;
import io.fynbos.openflow.wire.Mod;
import io.fynbos.openflow.wire.OpenFlowError;
import io.fynbos.openflow.wire.OpenFlowFault;
import io.fynbos.openflow.wire.PacketIn;
import io.fynbos.openflow.wire.PacketOut;
import io.fynbos.openflow.wire.PortDescription;
import io.fynbos.openflow.wire.PortStatus;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A session after its handshake. Its event loop owns all state; other threads hand it work. */
final class Session extends SimpleChannelInboundHandler<ByteBuf>
    implements SwitchSession, BundleRequest.Road {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);

  /** Bundles that wait for the one on its way; another fails at once. */
  private static final int BUNDLES_MAX = 1024;

  /** A switch that has this many times the high mark unsent is given up. */
  private static final int OUTBOUND_FACTOR_MAX = 16;

  /** How long port changes are gathered before they are told. */
  private static final Duration PORTS_HOLD = Duration.ofMillis(20);

  private final Channel channel;
  private final long datapathId;
  private final SocketAddress remote;
  private final SessionLimits limits;
  private final SwitchListener listener;
  private final Map<Integer, Request<?>> requests = new LinkedHashMap<>();
  private final ArrayDeque<BundleRequest> bundles = new ArrayDeque<>();
  private final Sent sent = new Sent();
  private final PortStatuses portStatuses;
  private final SessionClock clock;
  private int nextXid;
  private int nextBundle = 1;
  private long heardNanos;
  private boolean echoSent;
  private volatile boolean ended;
  private @Nullable ScheduledFuture<?> tick;
  private @Nullable SessionEnded why;

  Session(
      Channel channel,
      long datapathId,
      SessionLimits limits,
      SwitchListener listener,
      int firstXid) {
    this.channel = channel;
    this.datapathId = datapathId;
    this.remote = channel.remoteAddress();
    this.limits = limits;
    this.listener = listener;
    this.nextXid = firstXid;
    this.portStatuses = new PortStatuses(limits.portStatusesMax());
    this.clock = SessionClock.of(limits, System.nanoTime());
  }

  @Override
  public long datapathId() {
    return datapathId;
  }

  @Override
  public SocketAddress remote() {
    return remote;
  }

  @Override
  public boolean slow() {
    return !channel.isWritable();
  }

  @Override
  public boolean open() {
    return !ended && channel.isActive();
  }

  @Override
  public CompletableFuture<List<FlowStats>> flows(int table) {
    return readBack(
        "for flows", FlowStats::decodeReply, (xid, out) -> FlowStats.request(table, xid, out));
  }

  @Override
  public CompletableFuture<List<FlowStats>> flows(long cookie, long mask) {
    return readBack(
        "for flows",
        FlowStats::decodeReply,
        (xid, out) -> FlowStats.request(Mod.TABLE_ALL, cookie, mask, xid, out));
  }

  @Override
  public CompletableFuture<List<GroupEntry>> groups() {
    return readBack("for groups", GroupEntry::decodeReply, GroupEntry::request);
  }

  @Override
  public CompletableFuture<List<MeterEntry>> meters() {
    return readBack("for meters", MeterEntry::decodeReply, MeterEntry::request);
  }

  @Override
  public CompletableFuture<List<MeterStats>> meterStats(int meter) {
    return readBack(
        "for a meter", MeterStats::decodeReply, (xid, out) -> MeterStats.request(meter, xid, out));
  }

  @Override
  public CompletableFuture<List<PortDescription>> ports() {
    return readBack("for ports", PortDescription::decodeReply, PortDescription::request);
  }

  private <T> CompletableFuture<List<T>> readBack(
      String what, BiConsumer<ByteBuf, List<T>> decode, BiConsumer<Integer, ByteBuf> encode) {
    return ask(() -> new ReadBack<>(what, limits.readBackBytesMax(), decode), encode);
  }

  @Override
  public CompletableFuture<Void> barrier() {
    return ask(() -> new Acknowledgement("a barrier"), SessionMessages::barrierRequest);
  }

  @Override
  public CompletableFuture<Void> role(Role role, long generation) {
    return ask(
        () -> new Acknowledgement("role " + role + " of generation " + generation),
        (xid, out) -> SessionMessages.roleRequest(role, generation, xid, out));
  }

  /** Sends a request on the event loop and leaves it to wait for its answer. */
  private <T> CompletableFuture<T> ask(
      Supplier<Request<T>> made, BiConsumer<Integer, ByteBuf> encode) {
    Request<T> request = made.get();
    run(
        request::end,
        () -> {
          if (requests.size() >= limits.requestsMax()) {
            request.end(new SessionEnded("more than " + limits.requestsMax() + " requests wait"));
            return;
          }
          int xid = takeXids(1);
          request.progress(clock.now());
          requests.put(xid, request);
          ByteBuf out = buffer(64);
          encode.accept(xid, out);
          write(out);
        });
    return request.future();
  }

  @Override
  public CompletableFuture<Void> bundle(List<Mod> mods) {
    if (mods.isEmpty()) {
      return barrier();
    }
    BundleRequest bundle = new BundleRequest(mods);
    run(
        bundle::end,
        () -> {
          if (bundles.size() >= BUNDLES_MAX) {
            bundle.end(new SessionEnded("more than " + BUNDLES_MAX + " bundles wait"));
            return;
          }
          bundles.add(bundle);
          if (bundles.size() == 1) {
            openBundle();
          }
        });
    return bundle.future();
  }

  private void openBundle() {
    for (BundleRequest next = bundles.peek(); next != null; next = bundles.peek()) {
      next.progress(clock.now());
      next.open(nextBundle++, takeXids(next.xids()), this);
      if (!next.done()) {
        return;
      }
      bundles.remove();
    }
  }

  @Override
  public void send(Mod mod) {
    run(
        ignored -> {},
        () -> {
          int xid = takeXids(1);
          ByteBuf out = buffer(256);
          try {
            mod.encode(xid, out);
          } catch (RuntimeException unsendable) {
            out.release();
            throw unsendable;
          }
          sent.add(xid, mod);
          write(out);
        });
  }

  @Override
  public void packetOut(PacketOut packet) {
    if (slow()) {
      return;
    }
    run(
        ignored -> {},
        () -> {
          ByteBuf out = buffer(64 + packet.frame().length());
          packet.encode(takeXids(1), out);
          write(out);
        });
  }

  @Override
  public void close() {
    run(ignored -> {}, () -> end(new SessionEnded("closed by us")));
  }

  /** Runs work on the event loop, or says that the session is over. */
  private void run(Consumer<SessionEnded> over, Runnable work) {
    Runnable guarded =
        () -> {
          if (ended) {
            over.accept(why == null ? new SessionEnded("the session is over") : why);
            return;
          }
          try {
            work.run();
          } catch (RuntimeException bug) {
            end(new SessionEnded("could not send: " + bug.getMessage(), bug));
          }
        };
    if (channel.eventLoop().inEventLoop()) {
      guarded.run();
    } else {
      try {
        channel.eventLoop().execute(guarded);
      } catch (RejectedExecutionException shutDown) {
        over.accept(new SessionEnded("the event loop has shut down", shutDown));
      }
    }
  }

  private int takeXids(int count) {
    // Xids are compared by difference, so that wrapping around does no harm.
    int first = nextXid;
    nextXid += count;
    return first;
  }

  @Override
  public ByteBuf buffer(int bytes) {
    return channel.alloc().buffer(bytes);
  }

  @Override
  public boolean writable() {
    return channel.isWritable() && !ended;
  }

  @Override
  public void write(ByteBuf out) {
    // A write that fails closes the channel, which is told to us.
    var unused = channel.writeAndFlush(out, channel.voidPromise());
    long unsent = limits.outboundBytesHigh() - channel.bytesBeforeUnwritable();
    if (!channel.isWritable()) {
      unsent = limits.outboundBytesLow() + channel.bytesBeforeWritable();
    }
    if (unsent > (long) limits.outboundBytesHigh() * OUTBOUND_FACTOR_MAX) {
      end(new SessionEnded("the switch does not read: " + unsent + " bytes are unsent"));
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    long tickNanos = clock.tickNanos();
    tick =
        context
            .executor()
            .scheduleAtFixedRate(this::tick, tickNanos, tickNanos, TimeUnit.NANOSECONDS);
    LOG.info("event=switch-connected dpid={} remote={}", dpid(), remote);
    tell(() -> listener.connected(this));
  }

  private String dpid() {
    return "%016x".formatted(datapathId);
  }

  /** Keeps the deadlines. */
  private void tick() {
    clock.tick(System.nanoTime());
    long now = clock.now();
    long silence = now - heardNanos;
    long echoAfter = limits.echoAfter().toNanos();
    if (silence > echoAfter + limits.echoTimeout().toNanos()) {
      end(new SessionEnded("the switch has been silent for " + Duration.ofNanos(silence)));
      return;
    }
    if (silence > echoAfter && !echoSent) {
      echoSent = true;
      ByteBuf out = buffer(8);
      SessionMessages.echoRequest(takeXids(1), out);
      write(out);
    }
    long timeout = limits.requestTimeout().toNanos();
    for (Request<?> request : requests.values()) {
      if (now - request.progressNanos() > timeout) {
        late(request.what());
        return;
      }
    }
    BundleRequest bundle = bundles.peek();
    if (bundle != null && now - bundle.progressNanos() > timeout) {
      late(bundle.what());
    }
  }

  private void late(String what) {
    end(new SessionEnded("no answer to " + what + " in " + limits.requestTimeout()));
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ByteBuf message) {
    if (ended) {
      return;
    }
    heardNanos = clock.now();
    echoSent = false;
    if (message.getUnsignedByte(message.readerIndex()) != SessionMessages.VERSION) {
      throw new OpenFlowFault(
          "a message of version " + message.getUnsignedByte(message.readerIndex()));
    }
    int xid = Message.xid(message);
    switch (Message.type(message)) {
      case Message.ECHO_REQUEST -> {
        message.setByte(message.readerIndex() + 1, Message.ECHO_REPLY);
        write(message.retain());
      }
      case Message.PACKET_IN -> packetIn(PacketIn.decode(message));
      case Message.EXPERIMENTER -> {
        if (PacketIn.extended(message)) {
          packetIn(PacketIn.decodeExtended(message));
        }
      }
      case Message.PORT_STATUS -> portStatus(PortStatus.decode(message));
      case Message.ERROR -> refused(xid, OpenFlowError.decode(message));
      case Message.MULTIPART_REPLY, Message.ROLE_REPLY, Message.BUNDLE_CONTROL ->
          answer(xid, message);
      case Message.BARRIER_REPLY -> {
        sent.done(xid);
        answer(xid, message);
      }
      // Others are told to everybody who listens; nothing here needs them.
      default -> {}
    }
  }

  private void packetIn(PacketIn packet) {
    tell(() -> listener.packetIn(this, packet));
  }

  private void portStatus(PortStatus status) {
    if (portStatuses.add(status)) {
      var unused =
          channel
              .eventLoop()
              .schedule(this::tellPorts, PORTS_HOLD.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void tellPorts() {
    if (ended) {
      return;
    }
    boolean overflowed = portStatuses.overflowed();
    List<PortStatus> statuses = portStatuses.take();
    if (overflowed) {
      LOG.warn("event=port-status-flood dpid={}", dpid());
      tell(() -> listener.portsChanged(this));
    }
    statuses.forEach(status -> tell(() -> listener.portStatus(this, status)));
  }

  private void answer(int xid, ByteBuf message) {
    BundleRequest bundle = bundles.peek();
    if (bundle != null && bundle.owns(xid)) {
      bundle.progress(clock.now());
      bundle.answer(xid, this);
      afterBundle(bundle);
      return;
    }
    Request<?> request = requests.get(xid);
    if (request != null) {
      request.progress(clock.now());
      if (request.answer(message)) {
        requests.remove(xid);
        request.finish();
      }
    }
  }

  private void refused(int xid, OpenFlowError error) {
    BundleRequest bundle = bundles.peek();
    if (bundle != null && bundle.owns(xid)) {
      bundle.refused(xid, error, this);
      afterBundle(bundle);
      return;
    }
    Request<?> request = requests.remove(xid);
    if (request != null) {
      request.refuse(error);
      return;
    }
    Optional<Mod> mod = sent.refused(xid);
    LOG.warn(
        "event=refused dpid={} xid={} error=\"{}\" mod=\"{}\"",
        dpid(),
        xid,
        error,
        mod.map(Mod::toString).orElse("unknown"));
    OpenFlowRefused refused = new OpenFlowRefused(error, "what was sent with xid " + xid, mod);
    tell(() -> listener.refused(this, refused));
  }

  private void afterBundle(BundleRequest bundle) {
    if (bundle.done()) {
      bundles.remove(bundle);
      openBundle();
    }
  }

  /** A listener's exception ends this session and no other. */
  private void tell(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException bug) {
      LOG.error("event=listener-failed dpid={}", dpid(), bug);
      end(new SessionEnded("the listener failed: " + bug, bug));
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    BundleRequest bundle = bundles.peek();
    if (bundle != null && channel.isWritable() && !ended) {
      bundle.progress(clock.now());
      bundle.pump(this);
      afterBundle(bundle);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end(new SessionEnded("the switch closed the connection"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Throwable root = cause.getCause() instanceof OpenFlowFault fault ? fault : cause;
    end(new SessionEnded(String.valueOf(root.getMessage()), root));
  }

  private void end(SessionEnded cause) {
    if (ended) {
      return;
    }
    ended = true;
    why = cause;
    if (tick != null) {
      tick.cancel(false);
    }
    LOG.info(
        "event=switch-disconnected dpid={} remote={} cause=\"{}\"",
        dpid(),
        remote,
        cause.getMessage());
    var unused = channel.close();
    List.copyOf(requests.values()).forEach(request -> request.end(cause));
    requests.clear();
    List.copyOf(bundles).forEach(bundle -> bundle.end(cause));
    bundles.clear();
    tell(() -> listener.disconnected(this, cause));
  }
}
