package io.fynbos.agent.link;

import static io.fynbos.agent.support.Threads.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fynbos.agent.support.HostilePeer;
import io.fynbos.agent.support.Threads;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Revision;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The link against peers that do what no controller should. */
class ControllerLinkTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
  private static final String STREAM = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

  private final Threads threads = new Threads();
  private final ExecutorService workers = Executors.newFixedThreadPool(2);
  private final AtomicLong nanos = new AtomicLong();
  private final List<Order> orders = new CopyOnWriteArrayList<>();
  private final AtomicInteger ups = new AtomicInteger();
  private final AtomicInteger downs = new AtomicInteger();

  @AfterEach
  void stop() {
    threads.close();
    workers.shutdownNow();
  }

  @Test
  void answersThatAreNoHttpOrTooLongOrCutAreTriedAgain() {
    byte[] noise = new byte[3000];
    new Random(11).nextBytes(noise);
    List<byte[]> answers =
        List.of(
            noise,
            bytes("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
            bytes("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"),
            bytes("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{"),
            bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
            bytes("HTTP/1.1 200 OK\r\nX: " + "y".repeat(1 << 20)));
    AtomicInteger turn = new AtomicInteger();
    try (HostilePeer peer =
        new HostilePeer(
            (in, out) -> {
              request(in);
              out.write(answers.get(turn.getAndIncrement() % answers.size()));
            })) {
      start(peer);
      await(() -> peer.accepted() > 2 * answers.size());
      assertThat(threads.events().faults()).isZero();
      assertThat(ups).hasValue(0);
    }
  }

  @Test
  void ordersAreHeardAndABadOneEndsTheStream() {
    try (HostilePeer peer =
        new HostilePeer(
            (in, out) -> {
              if (request(in).startsWith("PUT")) {
                out.write(bytes(OK));
                return;
              }
              out.write(bytes(STREAM + "event: revalidate\ndata: {\"revision\": 12}\n\n"));
              out.write(bytes("event: revalidate\ndata: {\"revision\": \"no\"}\n\n"));
              out.flush();
              in.readAllBytes();
            })) {
      start(peer);
      await(() -> downs.get() >= 2);
      assertThat(orders).contains(new Order.Revalidate(new Revision(12), Optional.empty()));
      assertThat(ups.get()).isGreaterThanOrEqualTo(downs.get());
      assertThat(threads.events().faults()).isZero();
    }
  }

  @Test
  void aStreamWithoutKeepAlivesIsGivenUp() {
    try (HostilePeer peer =
        new HostilePeer(
            (in, out) -> {
              if (request(in).startsWith("PUT")) {
                out.write(bytes(OK));
                return;
              }
              out.write(bytes(STREAM));
              out.flush();
              in.readAllBytes();
            })) {
      start(peer);
      await(() -> ups.get() == 1);
      nanos.addAndGet(TimeUnit.SECONDS.toNanos(13));
      await(() -> downs.get() == 1);
      await(() -> ups.get() == 2);
    }
  }

  @Test
  void anEndlessAnswerIsNotReadOn() {
    try (HostilePeer peer =
        new HostilePeer(
            (in, out) -> {
              request(in);
              out.write(bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
              byte[] chunk = bytes("10000\r\n" + "x".repeat(1 << 16) + "\r\n");
              while (true) {
                out.write(chunk);
              }
            })) {
      ControllerApi api = new ControllerApi(address(peer), workers);
      assertThat(api.send("PUT", "v1/x", JsonNodeFactory.instance.objectNode()))
          .failsWithin(10, TimeUnit.SECONDS)
          .withThrowableThat()
          .withMessageContaining("longer than");
    }
  }

  private void start(HostilePeer peer) {
    ControllerLink link =
        new ControllerLink(
            new ControllerApi(address(peer), workers),
            new HostName("h1"),
            IpAddress.parse("172.31.0.1"),
            "0000000000000001",
            threads.events(),
            nanos::get,
            new Ears());
    threads.events().execute(link::start);
  }

  private static URI address(HostilePeer peer) {
    return URI.create("http://127.0.0.1:" + peer.port());
  }

  /** Reads a request's head, and what has come of its body. */
  private static String request(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no request");
      }
      head.append((char) next);
    }
    in.readNBytes(in.available());
    return head.toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private final class Ears implements ControllerLink.Listener {
    @Override
    public void up() {
      ups.incrementAndGet();
    }

    @Override
    public void down() {
      downs.incrementAndGet();
    }

    @Override
    public void ordered(Order order) {
      orders.add(order);
    }
  }
}
