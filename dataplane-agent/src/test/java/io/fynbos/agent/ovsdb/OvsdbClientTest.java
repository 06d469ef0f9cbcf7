package io.fynbos.agent.ovsdb;

import static io.fynbos.agent.support.Threads.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fynbos.agent.jsonrpc.JsonRpcMessage;
import io.fynbos.agent.jsonrpc.PeerAddress;
import io.fynbos.agent.support.HostilePeer;
import io.fynbos.agent.support.PrivateOvs;
import io.fynbos.agent.support.Threads;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OvsdbClientTest {
  private final Threads threads = new Threads();
  private Optional<OvsdbClient> client = Optional.empty();

  @AfterEach
  void stop() {
    threads.close();
  }

  @Test
  void theReplicaFollowsTheDatabaseOverAUnixSocket() {
    try (PrivateOvs ovs = PrivateOvs.create().startDatabase()) {
      Watcher watcher = watch(new PeerAddress.Unix(ovs.databaseSocket()));
      ovs.vsctl("add-br", "br-a", "--", "set", "bridge", "br-a", "other_config:x=1");
      await(() -> watcher.last.bridge("br-a").isPresent());
      ovs.vsctl(
          "add-port", "br-a", "p1", "--", "set", "interface", "p1", "external_ids:iface-id=q");
      await(() -> watcher.last.interfaces().size() == 2);
      Row.Bridge bridge = watcher.last.bridge("br-a").orElseThrow();
      assertThat(bridge.otherConfig()).containsExactly(Map.entry("x", "1"));
      assertThat(watcher.last.interfacesOf(bridge))
          .anySatisfy(i -> assertThat(i.externalIds()).containsEntry("iface-id", "q"));
      ovs.vsctl("del-port", "p1");
      await(() -> watcher.last.interfaces().size() == 1);
      ovs.vsctl("del-br", "br-a");
      await(() -> watcher.last.bridges().isEmpty());
    }
  }

  @Test
  void theReplicaFollowsTheDatabaseOverTcp() {
    try (PrivateOvs ovs = PrivateOvs.create()) {
      int port = freePort();
      ovs.startDatabase("ptcp:" + port + ":127.0.0.1");
      Watcher watcher = watch(PeerAddress.parse("tcp:127.0.0.1:" + port));
      ovs.vsctl("add-br", "br-a");
      await(() -> watcher.last.bridge("br-a").isPresent());
    }
  }

  @Test
  void aServerThatWasKilledIsFoundAgainWithItsNewState() {
    try (PrivateOvs ovs = PrivateOvs.create().startDatabase()) {
      Watcher watcher = watch(new PeerAddress.Unix(ovs.databaseSocket()));
      for (int round = 1; round <= 5; round++) {
        ovs.killDatabase();
        int losses = round;
        await(() -> watcher.lost.get() >= losses);
        ovs.startDatabase().vsctl("add-br", "br-" + round);
        String name = "br-" + round;
        await(() -> watcher.last.bridge(name).isPresent());
      }
      assertThat(watcher.last.bridges()).hasSize(5);
    }
  }

  @Test
  void aTransactionIsAllOrNothing() throws Exception {
    try (PrivateOvs ovs = PrivateOvs.create().startDatabase()) {
      Watcher watcher = watch(new PeerAddress.Unix(ovs.databaseSocket()));
      var root = watcher.last.root().orElseThrow();
      JsonNode two = Values.map(Map.of("key", "2"));
      Operation set =
          new Operation.Update(Row.OpenVSwitch.TABLE, root.uuid(), Map.of("other_config", two));
      JsonNode wrong = Values.map(Map.of("key", "not this"));
      Operation prerequisite =
          new Operation.Expect(Row.OpenVSwitch.TABLE, root.uuid(), Map.of("other_config", wrong));

      assertThatThrownBy(() -> transact(set, prerequisite).get())
          .isInstanceOf(ExecutionException.class)
          .hasMessageContaining("aborted at")
          .hasMessageContaining("timed out");
      assertThat(ovs.vsctl("get", "open", ".", "other_config").strip()).isEqualTo("{}");

      transact(set).get();
      await(() -> watcher.last.root().orElseThrow().otherConfig().containsKey("key"));
    }
  }

  @Test
  void aRowIsNotInsertedTwiceWhenItMustBeAbsent() throws Exception {
    try (PrivateOvs ovs = PrivateOvs.create().startDatabase()) {
      watch(new PeerAddress.Unix(ovs.databaseSocket()));
      ovs.vsctl("add-br", "br-a");
      Operation absent = new Operation.ExpectAbsent(Row.Bridge.TABLE, "br-a");
      Operation insert =
          new Operation.Insert(Row.Bridge.TABLE, "b", Map.of("name", new TextNode("br-a")));
      assertThatThrownBy(() -> transact(absent, insert).get()).hasMessageContaining("aborted at");
      transact(new Operation.ExpectAbsent(Row.Bridge.TABLE, "br-b")).get();
    }
  }

  @Test
  void hostileServersLoseTheSessionAndAreTriedAgain() {
    Random random = new Random(42);
    byte[] noise = new byte[4096];
    random.nextBytes(noise);
    List<byte[]> replies =
        List.of(
            noise,
            text("{\"id\":1,\"result\":{\"Bridge\":{\"x\":"),
            text("{\"id\":99,\"result\":{},\"error\":null}"),
            text("{\"id\":\"1\",\"result\":{},\"error\":null}"),
            text("{\"id\":1,\"result\":[],\"error\":null}"),
            text("{\"id\":1,\"result\":{\"Nonsense\":{}},\"error\":null}"),
            text("{\"id\":1,\"result\":{\"Bridge\":{\"no-uuid\":{\"new\":{}}}},\"error\":null}"),
            text("{\"id\":1,\"error\":\"no such database\"}"),
            text("{".repeat(10)),
            text("{\"id\":1,\"result\":" + "[".repeat(500)),
            text("{\"id\":1,\"result\":\"" + "x".repeat(JsonRpcMessage.FRAME_BYTES_MAX) + "\"}"));
    AtomicInteger turn = new AtomicInteger();
    HostilePeer.Script script =
        (in, out) -> {
          in.read(new byte[1 << 16]);
          byte[] reply = replies.get(turn.getAndIncrement() % replies.size());
          out.write(reply);
          out.flush();
          if (reply[reply.length - 1] == '}') {
            in.readAllBytes();
          }
        };
    try (HostilePeer peer = new HostilePeer(script)) {
      start(PeerAddress.parse("tcp:127.0.0.1:" + peer.port()), new Watcher());
      await(() -> peer.accepted() > replies.size());
      assertThat(threads.events().faults()).isZero();
    }
  }

  private static final class Watcher implements OvsdbClient.Listener {
    volatile Replica last = Replica.EMPTY;
    final AtomicInteger lost = new AtomicInteger();

    @Override
    public void changed(Replica replica) {
      last = replica;
    }

    @Override
    public void lost(String why) {
      lost.incrementAndGet();
    }
  }

  private Watcher watch(PeerAddress address) {
    Watcher watcher = new Watcher();
    client = Optional.of(start(address, watcher));
    await(() -> watcher.last.root().isPresent());
    return watcher;
  }

  private OvsdbClient start(PeerAddress address, Watcher watcher) {
    OvsdbClient started = new OvsdbClient(threads.loop(), address, threads.events(), watcher);
    threads.events().execute(started::start);
    return started;
  }

  private CompletableFuture<List<JsonNode>> transact(Operation... operations) {
    return threads.on(() -> client.orElseThrow().transact(List.of(operations)));
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
