package io.fynbos.controller.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import io.fynbos.controller.core.Controller;
import io.fynbos.controller.core.Outcome;
import io.fynbos.policy.decide.Command;
import io.fynbos.policy.decide.Refusal;
import io.fynbos.policy.image.Image;
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

  private record Settled(HostReports.Claim claim, Outcome outcome) {}

  private final Controller controller;
  private final Bodies bodies;

  /** When each address was last claimed, by the clock of {@link System#nanoTime}. */
  private final Map<Address, Long> claimed =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Address, Long> eldest) {
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
      if (newest(claim, now - TimeUnit.MILLISECONDS.toNanos(claim.ageMillis()))) {
        Command command = new Command.ClaimAddress(claim.id(), host, claim.address());
        all.add(controller.submit(command).thenApply(outcome -> new Settled(claim, outcome)));
      }
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
        .thenApply(done -> all.stream().map(CompletableFuture::join).toList());
  }

  /** Takes note of a claim; false when a later one is known already. */
  private boolean newest(HostReports.Claim claim, long madeNanos) {
    Image image = controller.image();
    Optional<Address> address =
        image
            .endpointById(claim.id())
            .map(Endpoint::universe)
            .map(universe -> new Address(universe, claim.address()));
    if (address.isEmpty()) {
      return true;
    }
    synchronized (claimed) {
      Long before = claimed.get(address.get());
      if (before != null && before - madeNanos > 0) {
        return false;
      }
      claimed.put(address.get(), madeNanos);
      return true;
    }
  }

  private HttpResponse told(List<Settled> settled) {
    ObjectNode answer = Json.object().put("revision", controller.image().revision().number());
    ArrayNode refusals = answer.putArray("refused");
    for (Settled one : settled) {
      one.outcome()
          .fold(done -> Optional.<Refusal>empty(), refused -> Optional.of(refused.refusal()))
          .ifPresent(refusal -> tell(one.claim(), refusal, refusals.addObject()));
    }
    return Answers.json(answer);
  }

  private static void tell(HostReports.Claim claim, Refusal refusal, ObjectNode node) {
    node.put("id", claim.id().toString()).put("address", claim.address().toString());
    node.put("type", refusal.type()).put("detail", refusal.message());
  }
}
