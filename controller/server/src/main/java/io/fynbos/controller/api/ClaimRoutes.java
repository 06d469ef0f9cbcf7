package io.fynbos.controller.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import io.fynbos.controller.core.Controller;
import io.fynbos.controller.core.Outcome;
import io.fynbos.policy.decide.Command;
import io.fynbos.policy.decide.Refusal;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.wire.HostReports;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Shared addresses that endpoints say are theirs now. Hosts may tell late: of two claims to one
 * address the one that was made last counts, whichever comes first.
 */
final class ClaimRoutes {

  /** Addresses whose last claim is remembered; the one longest untouched goes first. */
  static final int REMEMBERED_MAX = 10_000;

  private record Address(UniverseName universe, IpAddress address) {}

  private record Settled(HostReports.Claim claim, Outcome outcome) {
    Optional<Refusal> refusal() {
      return outcome.fold(done -> Optional.empty(), refused -> Optional.of(refused.refusal()));
    }
  }

  private final Controller controller;
  private final Bodies bodies;

  /** Who claimed an address, and when by the clock of {@link System#nanoTime}. */
  private record Noted(UUID endpoint, long madeNanos) {}

  /** The last claim of each address. */
  private final Map<Address, Noted> claimed =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Address, Noted> eldest) {
          return size() > REMEMBERED_MAX;
        }
      };

  ClaimRoutes(Controller controller, Bodies bodies) {
    this.controller = controller;
    this.bodies = bodies;
  }

  List<Route> routes() {
    return List.of(Route.post("/v1/hosts/{name}/claims", Set.of(), this::take));
  }

  private CompletionStage<HttpResponse> take(Request request) {
    HostName host = Paths.host(request, controller.image());
    return bodies
        .json(request, HostReports::readClaims)
        .thenCompose(claims -> submit(host, claims))
        .exceptionally(
            failure -> {
              throw Answers.unavailable(failure);
            })
        .thenApplyAsync(this::told, request.context().eventLoop());
  }

  private CompletableFuture<List<Settled>> submit(HostName host, List<HostReports.Claim> claims) {
    List<CompletableFuture<Settled>> all = new ArrayList<>();
    long now = System.nanoTime();
    for (HostReports.Claim claim : claims) {
      submit(host, claim, now - TimeUnit.MILLISECONDS.toNanos(claim.ageMillis()))
          .ifPresent(all::add);
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
        .thenApply(done -> all.stream().map(CompletableFuture::join).toList());
  }

  /** Nothing, when another endpoint is known to have claimed the address later. */
  private Optional<CompletableFuture<Settled>> submit(
      HostName host, HostReports.Claim claim, long madeNanos) {
    Command command = new Command.ClaimAddress(claim.id(), host, claim.address());
    Optional<Address> address =
        controller
            .image()
            .endpointById(claim.id())
            .map(Endpoint::universe)
            .map(universe -> new Address(universe, claim.address()));
    if (address.isEmpty()) {
      return Optional.of(settled(command, claim));
    }
    synchronized (claimed) {
      Optional<Noted> before = Optional.ofNullable(claimed.get(address.get()));
      boolean later = before.isPresent() && before.get().madeNanos() - madeNanos > 0;
      boolean own = before.isPresent() && before.get().endpoint().equals(claim.id());
      if (later && !own) {
        return Optional.empty();
      }
      Noted mine = later ? before.get() : new Noted(claim.id(), madeNanos);
      claimed.put(address.get(), mine);
      return Optional.of(
          settled(command, claim)
              .whenComplete(
                  (one, failure) -> {
                    if (failure != null || one.refusal().isPresent()) {
                      forget(address.get(), mine, before);
                    }
                  }));
    }
  }

  private CompletableFuture<Settled> settled(Command command, HostReports.Claim claim) {
    return controller.submit(command).thenApply(outcome -> new Settled(claim, outcome));
  }

  /** A claim that came to nothing counts for nothing. */
  private void forget(Address address, Noted mine, Optional<Noted> before) {
    synchronized (claimed) {
      if (mine.equals(claimed.get(address))) {
        before.ifPresentOrElse(noted -> claimed.put(address, noted), () -> claimed.remove(address));
      }
    }
  }

  private HttpResponse told(List<Settled> settled) {
    ObjectNode answer = Json.object().put("revision", controller.image().revision().number());
    ArrayNode refusals = answer.putArray("refused");
    for (Settled one : settled) {
      one.refusal().ifPresent(refusal -> tell(one.claim(), refusal, refusals.addObject()));
    }
    return Answers.json(answer);
  }

  private static void tell(HostReports.Claim claim, Refusal refusal, ObjectNode node) {
    node.put("id", claim.id().toString()).put("address", claim.address().toString());
    node.put("type", refusal.type()).put("detail", refusal.message());
  }
}
