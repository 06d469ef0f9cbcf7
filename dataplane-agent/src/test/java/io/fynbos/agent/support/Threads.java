package io.fynbos.agent.support;

import io.fynbos.agent.event.EventThread;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/** The two threads an agent has, for one test. */
public final class Threads implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventThread events = new EventThread("test-events", new Random(1));

  /** Where sockets are served. */
  public EventLoopGroup loop() {
    return loop;
  }

  /** Where state is owned. */
  public EventThread events() {
    return events;
  }

  /** Runs the call on the event thread; the result is that of the future it gives. */
  public <T> CompletableFuture<T> on(Supplier<CompletableFuture<T>> call) {
    CompletableFuture<T> result = new CompletableFuture<>();
    events.execute(() -> events.when(call.get(), result::complete, result::completeExceptionally));
    return result;
  }

  /** Waits until it is so. */
  public static void await(Callable<Boolean> condition) {
    Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(condition);
  }

  @Override
  public void close() {
    events.close();
    loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
