package io.fynbos.controller.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fynbos.controller.store.InMemoryStore;
import io.fynbos.controller.store.StoreException;
import io.fynbos.policy.SeededIds;
import io.fynbos.policy.decide.Attachment;
import io.fynbos.policy.decide.Command;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Revision;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.wire.Documents;
import io.fynbos.policy.wire.WireError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ControllerTest {
  private static final UUID WEB1 = UUID.fromString("6f1c0a52-54b0-4c5e-9d3e-0d6a3a1f7b11");
  private static final HostName H1 = new HostName("h1");
  private static final HostName H2 = new HostName("h2");

  private final InMemoryStore store = new InMemoryStore();
  private final Controller controller = new Controller(store, new SeededIds(1), new NoGauges());
  private final List<Publication> published = new ArrayList<>();

  @BeforeEach
  void start() {
    controller.subscribe(published::add);
    controller.start();
  }

  @AfterEach
  void stop() {
    controller.close();
  }

  private static Command batch(String documents) {
    try {
      return new Command.Batch(Documents.parse(documents.getBytes(UTF_8)));
    } catch (WireError e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  private static Command universe(String name) {
    return batch("{kind: Universe, name: " + name + ", prefixes: [10.0.0.0/16]}");
  }

  private static Outcome.Done done(CompletableFuture<Outcome> outcome) {
    return outcome
        .join()
        .fold(
            done -> done,
            refused -> {
              throw new AssertionError(refused.refusal().message());
            });
  }

  private void hosts() {
    done(
        controller.submit(
            batch(
                """
                {kind: Host, name: h1, underlay: 172.31.0.1, datapathId: "0000000000000001"}
                ---
                {kind: Host, name: h2, underlay: 172.31.0.2, datapathId: "0000000000000002"}
                """)));
  }

  private void endpoint() {
    done(
        controller.submit(
            batch(
                """
                {kind: Universe, name: blue, prefixes: [10.0.0.0/16]}
                ---
                {kind: Endpoint, universe: blue, name: web1, id: %s}
                """
                    .formatted(WEB1))));
  }

  private Optional<HostName> hostOfWeb1() {
    return controller.image().bindingOf(EndpointRef.of("blue", "web1")).map(b -> b.host());
  }

  private void report(HostName host, boolean complete, Attachment... attachments) {
    done(controller.attach(host, List.of(attachments), complete));
  }

  private static Attachment web1(int ofport) {
    return new Attachment(WEB1, ofport, Optional.empty());
  }

  @Test
  void aChangeIsDurableAndPublishedBeforeItIsAnswered() {
    Outcome.Done done = done(controller.submit(universe("blue")));
    assertThat(done.revision()).isEqualTo(new Revision(1));
    assertThat(done.word()).isEqualTo("done");
    assertThat(store.head()).isEqualTo(new Revision(1));
    assertThat(controller.image()).isSameAs(done.after());
    assertThat(published).hasSize(1);
    assertThat(published.get(0).after()).isSameAs(done.after());
    assertThat(published.get(0).changes()).hasSize(1);
  }

  @Test
  void whatIsSoAlreadyMakesNoRevision() {
    done(controller.submit(universe("blue")));
    Outcome.Done again = done(controller.submit(universe("blue")));
    assertThat(again.revision()).isEqualTo(new Revision(1));
    assertThat(again.word()).isEqualTo("unchanged");
    assertThat(published).hasSize(1);
  }

  @Test
  void aRefusalChangesNothing() {
    Outcome outcome =
        controller.submit(batch("{kind: SecurityGroup, universe: red, name: web}")).join();
    assertThat(outcome.word()).isEqualTo("refused");
    assertThat(((Outcome.Refused) outcome).refusal().type()).isEqualTo("unknown-universe");
    assertThat(controller.image().revision()).isEqualTo(Revision.NONE);
  }

  @Test
  void commandsThatWaitTogetherShareOneWriteAndHaveTheirOwnRevisions() {
    CountDownLatch slow = new CountDownLatch(1);
    store.before(() -> await(slow));
    CompletableFuture<Outcome> first = controller.submit(universe("u0"));
    Awaitility.await().until(() -> controller.queued() == 0);
    List<CompletableFuture<Outcome>> rest = new ArrayList<>();
    for (int i = 1; i <= 10; i++) {
      rest.add(controller.submit(universe("u" + i)));
    }
    slow.countDown();
    assertThat(done(first).revision()).isEqualTo(new Revision(1));
    for (int i = 1; i <= 10; i++) {
      assertThat(done(rest.get(i - 1)).revision()).isEqualTo(new Revision(i + 1));
    }
    assertThat(store.batches()).containsExactly(1, 10);
  }

  @Test
  void aLaterCommandOfABatchSeesTheEarlierOnes() {
    CountDownLatch slow = new CountDownLatch(1);
    store.before(() -> await(slow));
    CompletableFuture<Outcome> zero = controller.submit(universe("u0"));
    Awaitility.await().until(() -> controller.queued() == 0);
    CompletableFuture<Outcome> universe = controller.submit(universe("blue"));
    CompletableFuture<Outcome> group =
        controller.submit(batch("{kind: SecurityGroup, universe: blue, name: web}"));
    CompletableFuture<Outcome> refused =
        controller.submit(batch("{kind: SecurityGroup, universe: red, name: web}"));
    slow.countDown();
    done(zero);
    done(universe);
    assertThat(done(group).revision()).isEqualTo(new Revision(3));
    assertThat(refused.join().word()).isEqualTo("refused");
  }

  @Test
  void aFullQueueTurnsCommandsAwayAtOnce() {
    CountDownLatch slow = new CountDownLatch(1);
    store.before(() -> await(slow));
    CompletableFuture<Outcome> first = controller.submit(universe("u0"));
    Awaitility.await().until(() -> controller.queued() == 0);
    List<CompletableFuture<Outcome>> waiting = new ArrayList<>();
    for (int i = 0; i < Controller.QUEUE_COMMANDS_MAX; i++) {
      waiting.add(controller.submit(universe("w" + i % 3)));
    }
    assertThatThrownBy(() -> controller.submit(universe("late")).join())
        .hasCauseInstanceOf(ControllerBusy.class)
        .hasMessageContaining("1024 commands waiting; try again");
    slow.countDown();
    done(first);
    waiting.forEach(ControllerTest::done);
  }

  @Test
  void aFailedWriteIsNotAcknowledgedAndTheNextOneWorks() {
    done(controller.submit(universe("blue")));
    store.failNext(false);
    assertThatThrownBy(() -> controller.submit(universe("red")).join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(StoreException.class);
    assertThat(controller.storeWorks()).isFalse();
    assertThat(controller.image().revision()).isEqualTo(new Revision(1));
    assertThat(done(controller.submit(universe("red"))).revision()).isEqualTo(new Revision(2));
    assertThat(controller.storeWorks()).isTrue();
  }

  @Test
  void aWriteThatFailedAfterItWasKeptIsCaughtUpWith() {
    store.failNext(true);
    assertThatThrownBy(() -> controller.submit(universe("blue")).join())
        .hasCauseInstanceOf(StoreException.class);
    Awaitility.await().until(() -> published.size() == 1);
    assertThat(controller.image().universes()).containsKey(new UniverseName("blue"));
    assertThat(done(controller.submit(universe("red"))).revision()).isEqualTo(new Revision(2));
  }

  @Test
  void aClosedControllerTurnsCommandsAway() {
    controller.close();
    assertThatThrownBy(() -> controller.submit(universe("blue")).join())
        .hasCauseInstanceOf(ControllerBusy.class)
        .hasMessageContaining("closing");
  }

  @Test
  void anInterfaceIsBoundOnceItsEndpointIsCreated() {
    hosts();
    report(H1, true, web1(5));
    assertThat(hostOfWeb1()).isEmpty();
    endpoint();
    Awaitility.await().until(() -> hostOfWeb1().equals(Optional.of(H1)));
  }

  @Test
  void theFirstHostKeepsAnInterfaceAndTheSecondGetsItAfterwards() {
    hosts();
    endpoint();
    report(H1, true, web1(5));
    report(H2, true, web1(7));
    assertThat(hostOfWeb1()).contains(H1);
    report(H1, true);
    Awaitility.await().until(() -> hostOfWeb1().equals(Optional.of(H2)));
  }

  @Test
  void onlyACompleteReportUnbindsWhatItDoesNotName() {
    hosts();
    endpoint();
    report(H1, true, web1(5));
    Controller restarted = new Controller(store, new SeededIds(2), new NoGauges());
    restarted.start();
    done(restarted.attach(H1, List.of(), false));
    assertThat(restarted.image().bindings()).hasSize(1);
    done(restarted.attach(H1, List.of(), true));
    assertThat(restarted.image().bindings()).isEmpty();
    restarted.close();
  }

  @Test
  void anUnknownHostReportsInVain() {
    Outcome outcome = controller.attach(H1, List.of(web1(5)), true).join();
    assertThat(outcome.word()).isEqualTo("refused");
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(10, TimeUnit.SECONDS)) {
        throw new AssertionError("waited in vain");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
