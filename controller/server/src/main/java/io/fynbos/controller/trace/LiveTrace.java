package io.fynbos.controller.trace;

import io.fynbos.controller.pipeline.Table;
import io.fynbos.controller.reconcile.Question;
import io.fynbos.controller.reconcile.Questions;
import io.fynbos.controller.reconcile.Unanswered;
import io.fynbos.controller.rules.RuleNames;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Binding;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.Host;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Identity;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.report.HostAnswer;
import io.fynbos.policy.verdict.Packet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Asks the switches of a packet's two ends what they would do with it. */
public final class LiveTrace {

  private final Questions questions;
  private final RuleNames names;

  /** Asks by these questions, and names rules by these names. */
  public LiveTrace(Questions questions, RuleNames names) {
    this.questions = questions;
    this.names = names;
  }

  /** A question to a host, and what it will answer. */
  private record Leg(HostName host, LiveHop.Role role, CompletableFuture<HostAnswer> answer) {}

  /**
   * What the switches say, the sender's first; nothing when no end is attached to a host.
   *
   * @param reply whether the packet answers one that was let through
   */
  public CompletableFuture<List<LiveHop>> ask(Image image, Ends ends, boolean reply) {
    Optional<Binding> sender = ends.sender().map(Endpoint::ref).flatMap(image::bindingOf);
    Optional<Binding> receiver = ends.receiver().map(Endpoint::ref).flatMap(image::bindingOf);
    Optional<UniverseName> universe = ends.sender().or(ends::receiver).map(Endpoint::universe);
    Origins origins = new Origins(image, universe, names);
    List<Leg> legs = new ArrayList<>();
    if (sender.isPresent()) {
      Question.Trace question =
          TraceFlow.fromGuest(
              ends.packet(), reply, sender.get().ofport(), ends.sender().orElseThrow().mac());
      legs.add(leg(sender.get().host(), LiveHop.Role.SENDER, question));
    }
    boolean apart =
        sender.isPresent()
            && receiver.isPresent()
            && !sender.get().host().equals(receiver.get().host());
    if (apart) {
      HostName host = receiver.get().host();
      Host from = image.host(sender.get().host()).orElseThrow();
      Host to = image.host(host).orElseThrow();
      Identity identity = image.identity(ends.sender().orElseThrow().ref());
      Packet packet = ends.packet();
      Question.Trace question =
          TraceFlow.fromTunnel(packet, reply, from.underlay(), to.underlay(), identity.number());
      legs.add(leg(host, LiveHop.Role.RECEIVER, question));
    }
    return CompletableFuture.allOf(legs.stream().map(Leg::answer).toArray(CompletableFuture[]::new))
        .handle((done, failure) -> legs.stream().map(leg -> hop(origins, leg)).toList());
  }

  private Leg leg(HostName host, LiveHop.Role role, Question question) {
    return new Leg(host, role, questions.ask(host, question, Questions.PATIENCE));
  }

  private LiveHop hop(Origins origins, Leg leg) {
    try {
      HostAnswer answer = leg.answer().join();
      if (!(answer instanceof HostAnswer.Text text)) {
        return unread(leg, "its agent answered something else");
      }
      TraceText trace = TraceText.parse(text.text());
      if (trace.error().isPresent()) {
        return unread(leg, trace.error().get());
      }
      List<LiveHop.Step> steps = trace.steps().stream().map(step -> step(origins, step)).toList();
      return new LiveHop(
          leg.host(), leg.role(), Optional.of(result(trace)), steps, Optional.empty());
    } catch (CompletionException e) {
      if (e.getCause() instanceof Unanswered unanswered) {
        return unread(leg, String.valueOf(unanswered.getMessage()));
      }
      throw e;
    }
  }

  private static LiveHop unread(Leg leg, String reason) {
    return new LiveHop(leg.host(), leg.role(), Optional.empty(), List.of(), Optional.of(reason));
  }

  private static LiveHop.Result result(TraceText trace) {
    if (trace.delivered()) {
      return LiveHop.Result.DELIVERED;
    }
    if (trace.tunnelled()) {
      return LiveHop.Result.FORWARDED;
    }
    return trace.rejected() ? LiveHop.Result.REJECTED : LiveHop.Result.DROPPED;
  }

  private static LiveHop.Step step(Origins origins, TraceText.Step step) {
    String table = Table.of(step.table()).map(Table::text).orElse("table " + step.table());
    return new LiveHop.Step(
        step.table(), table, step.match(), step.priority(), origins.of(step.cookie()));
  }
}
